"""Lifecycle: where every member stands, why, and what may be expected of them."""
