"""Accounts, entries and lots: entries only grow; available - debt = sum of entries; available = sum of lots."""
