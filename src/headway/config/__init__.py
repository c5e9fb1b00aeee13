"""Settings and the start of a process: where the data lives, which database, what every response carries."""
