"""Entrances and their posters."""
