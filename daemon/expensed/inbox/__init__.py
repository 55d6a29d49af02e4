"""The watched folder: which files are taken, and when one is complete; the only room that uses watchdog."""
