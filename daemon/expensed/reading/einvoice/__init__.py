"""Read e-invoice XML safely, with the same names for its values in every dialect, also from what encloses it."""
