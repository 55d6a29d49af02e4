"""The settings: their schema, the origin of each value, and the commented file made from the schema."""
