"""Rates, comparisons, inequality, trends, disclosure: a value never travels without its interval and its method."""
