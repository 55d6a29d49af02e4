"""E-invoice XML: read safely, and its values named alike whatever the dialect (CII, UBL, FatturaPA)."""
