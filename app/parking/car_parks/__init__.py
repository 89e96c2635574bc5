"""Car parks, their gates and the versions of their tariffs."""
