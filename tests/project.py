"""The project's own data, opened once for all tests."""

from helpers.catalog import Study

PROJECT = Study("")
