"""What ladders of tiers mean for the packages above them."""
