"""Helpers of the reproducible notebook observatory of the CPTS."""
