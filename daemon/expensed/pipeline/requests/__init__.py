"""Serve what a person asks for: uploads, extractions, filing, corrections, pages."""
