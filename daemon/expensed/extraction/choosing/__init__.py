"""Learnt choosers: which of a field's candidates it is, by named features."""
