"""The business of the house, without the web: rooms by subject, arrows downward only (docs/architecture.md)."""
