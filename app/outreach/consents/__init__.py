"""One-time consents of subscribe messages, as stock."""
