"""What follows when benefits are used: a coupon in a store, and what covers a stay in a car park."""
