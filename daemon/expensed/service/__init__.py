"""Builds the daemon's parts, starts them, and stops them in order."""
