"""A user's own package: making it, filling it, checking it."""
