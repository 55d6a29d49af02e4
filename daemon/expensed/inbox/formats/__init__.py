"""One module for each format that says by its own structure where it ends. Plain bounded reads, never a decoder."""
