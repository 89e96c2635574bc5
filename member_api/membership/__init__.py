"""Signing in, joining, leaving, and what is kept of a member."""
