"""Who is to be told of points that run out soon, and of how many."""
