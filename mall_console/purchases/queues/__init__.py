"""What people do to receipts that wait or are nobody's, several at once."""
