"""Server-sent events: their text, and a stream with limits to its patience."""
