"""Output on the terminal: progress and JSON."""
