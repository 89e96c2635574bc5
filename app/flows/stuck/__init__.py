"""What came to a stop on the way to or from a platform, and waits for people."""
