"""Tags that follow from facts: worked out every night by thresholds that are data."""
