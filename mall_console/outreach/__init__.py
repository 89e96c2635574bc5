"""Messages and touch rules."""
