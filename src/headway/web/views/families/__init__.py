"""Pages about pupils and families as readers, and the pages they read themselves."""
