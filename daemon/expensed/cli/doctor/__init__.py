"""The checks of `expensed doctor`."""
