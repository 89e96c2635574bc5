"""Members claim receipts that their till did not credit to them."""
