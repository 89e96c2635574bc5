"""A merchant's statements."""
