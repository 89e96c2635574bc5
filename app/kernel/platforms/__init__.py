"""What the outside systems say, sorted once for all who call them."""
