"""Closing, contracts, statements."""
