"""Work of members' tiers: what time does to standings, and what tiers give."""
