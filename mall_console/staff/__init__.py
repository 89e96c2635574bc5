"""Staff and their roles."""
