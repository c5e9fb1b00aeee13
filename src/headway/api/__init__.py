"""The way in for other systems: reads a request with a token, calls one service, answers in JSON."""
