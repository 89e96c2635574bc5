"""How many points something earns."""
