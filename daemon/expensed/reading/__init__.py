"""Bytes to words: decoding, cleaning and OCR; blocking code that knows neither ledger nor paths."""
