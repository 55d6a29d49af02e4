"""The bell and the worker: the only code that uses arq and redis."""
