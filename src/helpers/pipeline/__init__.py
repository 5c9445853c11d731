"""Run the notebooks and render the reports."""
