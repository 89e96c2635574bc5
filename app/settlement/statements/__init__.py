"""Closed months as statements, and their life after that."""
