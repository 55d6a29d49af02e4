"""Files, folders and disks as the kernel provides them: copying, locking, mounts; nothing here knows documents."""
