"""Readers of outside formats: one module per format, each returning catalogue-shaped tables."""
