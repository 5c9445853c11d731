"""Communes, supply of care, coverage: what open data say of a place."""
