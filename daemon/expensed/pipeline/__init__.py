"""Order the steps of a document's life, and start every reading in the child processes."""
