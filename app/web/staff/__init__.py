"""Signing in of staff, and the two portals they sign in to."""
