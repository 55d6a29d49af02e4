"""Receipts of twelve countries with their taxes by rate, drawn, and what each says."""
