"""PDF: its pages by text, embedded picture or rendering; what is hidden on them; what is attached."""
