"""From bytes to numbered rows, and back: CSV, sheets, streams, limits."""
