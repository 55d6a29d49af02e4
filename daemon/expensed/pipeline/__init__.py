"""The order of the steps, and the one way into the child processes."""
