"""Where a file of each format ends, by its own structure; one module a format."""
