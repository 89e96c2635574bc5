"""Car parks, tariffs, stays, payments."""
