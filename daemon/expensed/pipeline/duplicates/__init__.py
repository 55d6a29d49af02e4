"""Detect documents with the same bytes, and the same expense in other bytes."""
