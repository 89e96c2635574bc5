"""Members claim receipts; what is here becomes theirs at once, what is not is looked at by people."""
