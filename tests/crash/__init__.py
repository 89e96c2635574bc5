"""kill -9 of every process of the stack, under load."""
