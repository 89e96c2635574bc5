"""Bank accounts between which statements are settled."""
