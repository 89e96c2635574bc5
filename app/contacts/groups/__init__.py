"""Customer groups of WeCom: which there are, and who is in them."""
