"""The business, without the web: one package per subject, imports downward only (docs/architecture.md)."""
