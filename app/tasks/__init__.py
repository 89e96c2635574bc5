"""Newbie tasks: exactly three, each done once, rewarded at once."""
