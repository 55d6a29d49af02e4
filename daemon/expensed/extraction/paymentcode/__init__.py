"""Payment codes: their payload and what it proves."""
