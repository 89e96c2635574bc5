"""Points without a request."""
