"""expensed: drop a receipt into a folder; it is read, understood and filed."""

__version__ = "0.1.0"
