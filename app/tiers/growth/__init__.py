"""Growth value: entries with their reasons, shown to the member; never below zero."""
