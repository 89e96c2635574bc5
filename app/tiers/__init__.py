"""Growth value and the tiers it reaches. Every entry of growth is kept and shown to the member."""
