"""Work of the lifecycle, once a day."""
