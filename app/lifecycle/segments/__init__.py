"""Segments: who is meant, said as data and found by one statement."""
