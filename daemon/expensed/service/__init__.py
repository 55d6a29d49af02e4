"""Builds everything, starts it, stops it in order."""
