"""Receipts and the inbox."""
