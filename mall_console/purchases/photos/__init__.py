"""Receipts that members photograph: the list, and one after the other to be read."""
