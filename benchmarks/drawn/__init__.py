"""Receipts that are drawn, not photographed: invented sellers, the words of many countries, and wear."""
