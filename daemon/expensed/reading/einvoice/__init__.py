"""Read e-invoice XML safely, with the same names for its values in every dialect (CII, UBL, FatturaPA)."""
