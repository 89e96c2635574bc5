"""What a mall has decided about receipts: how long things may take."""
