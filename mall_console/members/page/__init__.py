"""One member on a page: who they are, how they stand, what may be expected, and what they did."""
