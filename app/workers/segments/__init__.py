"""Keeping who is in segments."""
