"""Points taken at the till."""
