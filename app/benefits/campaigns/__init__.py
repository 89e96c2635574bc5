"""Coupon campaigns: what is given, where it can be used, who pays."""
