"""Contract terms by day."""
