"""Queries over many documents: search, export, counts."""
