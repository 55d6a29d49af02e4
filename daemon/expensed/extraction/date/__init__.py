"""The date: how dates are written, their labels, and which one is meant."""
