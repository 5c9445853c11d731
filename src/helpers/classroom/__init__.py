"""What a teacher hands to a class and takes back: versions of the notebooks, folders, the sheet, the class map, certificates."""
