"""Names, plans and moves in the archive. Sync."""
