"""Names, plans and moves in the archive; blocking code."""
