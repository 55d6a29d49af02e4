"""The watched folder: which files are taken, and when one is complete. watchdog lives here."""
