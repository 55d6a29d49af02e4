"""Which country and currency a paper speaks of."""
