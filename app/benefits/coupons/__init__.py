"""Coupons: issued, bound to a plate, reserved, redeemed, reversed."""
