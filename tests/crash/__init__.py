"""kill -9 of every process of the house, under load."""
