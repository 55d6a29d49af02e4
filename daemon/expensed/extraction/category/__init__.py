"""The category of an expense, by words."""
