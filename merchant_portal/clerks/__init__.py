"""The clerks of a merchant."""
