"""How often and when members may be touched: versions of the rule."""
