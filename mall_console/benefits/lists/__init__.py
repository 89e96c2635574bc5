"""Lists of campaigns and of who holds their coupons, and what lists of coupons are narrowed by."""
