"""What tills say they sold on a day, against the receipts that came."""
