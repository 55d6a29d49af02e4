"""OCR engines behind one small protocol, one module per engine."""
