"""What many values say: columns in, figures with their uncertainty out. No Django, no files."""
