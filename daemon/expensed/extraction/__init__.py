"""Words to fields, with proof; blocking and pure."""
