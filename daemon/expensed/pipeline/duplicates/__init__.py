"""The same bytes, and the same expense in other bytes."""
