"""The step that puts a document into the archive, and takes it away from where it lay."""
