"""One-time codes by SMS, and counted attempts: whether a phone is in the hands of who names it."""
