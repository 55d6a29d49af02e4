"""Find where a file of each format ends, by its structure; one module per format."""
