"""What stands before every route: access, limits, and one shape for every refusal."""
