"""Invitations in the console: what they came to, each of them, the rules of what counts."""
