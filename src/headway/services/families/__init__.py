"""Pupils and families as people who look: contacts, invitations, cards to sign in with, releases, their own page."""
