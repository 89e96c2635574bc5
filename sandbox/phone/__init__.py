"""The sandbox phone: its page and everything a hand can do on it."""
