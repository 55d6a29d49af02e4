"""The commands: the only place with tables and progress bars."""
