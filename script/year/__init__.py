"""The Complete Journey year, played through the product day by day, against a computation that knows nothing of it."""
