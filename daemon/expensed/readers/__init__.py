"""The child processes that read documents, and the protocol they speak."""
