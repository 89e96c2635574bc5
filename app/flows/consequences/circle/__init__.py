"""Payments of the business circle that find their buyer or their points after they were told."""
