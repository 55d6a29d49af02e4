"""Words to fields, with proof. Sync and pure."""
