"""Receipts that cannot be recorded yet: refunds ahead of their purchase, doubtful ones, those of unknown stores."""
