"""Machines of the mall and the SMS provider: gate, till, messages."""
