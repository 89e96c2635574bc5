"""What runs without a request: opens transactions, claims rows, talks to the outside between them."""
