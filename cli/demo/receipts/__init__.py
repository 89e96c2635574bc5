"""Receipts of the demo that need people: doubtful ones, and those that members photographed."""
