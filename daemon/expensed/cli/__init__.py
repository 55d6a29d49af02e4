"""The command line: the only code that prints tables and progress bars."""
