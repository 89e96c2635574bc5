"""Coupons for points, or points and cash: what campaigns ask, and members' exchanges."""
