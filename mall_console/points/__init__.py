"""Points entries."""
