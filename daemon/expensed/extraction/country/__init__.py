"""Find the country and currency of a document."""
