"""Receipts that members bring themselves: claimed, or photographed."""
