"""Sealing of personal data, blind indexes, and signed requests."""
