"""Readers of official files: INSEE, CNAM, DREES, FINESS, RPPS, the barometer."""
