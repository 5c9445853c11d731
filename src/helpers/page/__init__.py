"""What a reader sees: tables, figures, files beside them; never a figure of the field."""
