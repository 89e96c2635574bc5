"""Stays of cars, from what the gates report."""
