"""The date: how dates are written, the labels beside them, and which is meant."""
