"""OCR engines behind one small protocol, a module each."""
