"""Detect documents with the same bytes, other scans of the same paper, and the same expense in other bytes."""
