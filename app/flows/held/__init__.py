"""Receipts that wait: people are asked about them, and what they answer is done."""
