"""Geometry of a page: words to rows and cells, addresses among them."""
