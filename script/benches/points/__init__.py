"""Benches of points."""
