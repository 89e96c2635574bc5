"""Paying for a stay: quotes, payments, what covers them, and the message to the gate."""
