"""Learn how to choose among candidates from labelled documents: `make learn`."""
