"""Prepared statements and writes that share a round trip, for the few acts where a bench shows that it matters."""
