"""A coupon in somebody's hands: its page, why it is void, and giving back what it was had for."""
