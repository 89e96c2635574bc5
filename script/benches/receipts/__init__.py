"""Benches of receipts: one by one from a till, and many in a file."""
