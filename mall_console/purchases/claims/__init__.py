"""Receipts that members claim."""
