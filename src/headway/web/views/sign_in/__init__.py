"""Signing in: the door, a second step, other providers, a locked page, a one-time link."""
