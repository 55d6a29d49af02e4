"""Server-sent events: their text, and a stream with time limits."""
