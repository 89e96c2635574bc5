"""Tills and gates."""
