"""The settings: one schema, where each value comes from, and the commented file made from it."""
