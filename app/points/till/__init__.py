"""Paying with points at a till: the clerk says how many, the member's code or their phone says yes."""
