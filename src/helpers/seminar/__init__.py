"""A seminar on the published figures: exercises whose checks explain, planted errors and their hunt."""
