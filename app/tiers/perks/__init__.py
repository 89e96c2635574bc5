"""What a mall says of its tiers, in its own words."""
