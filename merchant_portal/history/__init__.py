"""A store's redemptions."""
