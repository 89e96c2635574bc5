"""What the ledger does for very many members at once."""
