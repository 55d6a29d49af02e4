"""Letters that the first engine does not know: tell the script of a page, and read it with a model that does."""
