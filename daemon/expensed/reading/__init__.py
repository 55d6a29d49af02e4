"""Bytes to words: decoding, cleaning and OCR. Sync; knows no ledger and keeps no paths."""
