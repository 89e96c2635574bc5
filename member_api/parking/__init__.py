"""The member's cars: their plates, where they stand, what that costs, and what was paid before."""
