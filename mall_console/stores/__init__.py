"""Stores and merchants."""
