"""Cases: the queue of what people have to decide."""
