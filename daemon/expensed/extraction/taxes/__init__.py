"""The taxes of a document by rate, with the sums that prove them."""
