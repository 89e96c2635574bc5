"""Stage history of days that are long over, for a past that came in at once: what their nights would have kept."""
