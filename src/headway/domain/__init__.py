"""What one value means: grades, scales, terms, lines, status, flags. Plain Python; no Django, no files, no columns."""
