"""Checks in front of every route: access, limits, and one shape for every refusal."""
