"""What is stored: every model, its constraints and its history, on SQLite or PostgreSQL. Knows nothing of who asks."""
