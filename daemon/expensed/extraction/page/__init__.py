"""The geometry of a page: words to rows and cells, and the addresses among them."""
