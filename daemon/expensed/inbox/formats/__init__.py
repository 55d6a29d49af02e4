"""One module for each format that says by its own structure where it ends. Bounded reads, no decoder."""
