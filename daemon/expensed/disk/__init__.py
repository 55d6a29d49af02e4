"""Files, folders and disks, as the kernel gives them: copying, locking, mounts. Nothing here knows of documents."""
