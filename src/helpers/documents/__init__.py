"""What the published documents say, and whether arithmetic agrees."""
