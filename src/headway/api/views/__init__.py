"""The addresses of the API, by concept."""
