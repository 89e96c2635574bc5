"""Taking receipts: whose they are, what becomes of them, and what follows from a purchase."""
