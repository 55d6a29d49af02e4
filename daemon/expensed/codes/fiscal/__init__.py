"""Fiscal codes: what the tax authority's code on a receipt holds."""
