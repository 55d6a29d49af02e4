"""File formats: tell what a file is by its content, and whether all of it is there."""
