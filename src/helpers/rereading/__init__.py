"""Proofreading of one document: which of its figures arithmetic alone can check, whether they agree, which nothing holds."""
