"""The package of a user's own CPTS: started, described, filled in a workbook or in CSV files, read back."""
