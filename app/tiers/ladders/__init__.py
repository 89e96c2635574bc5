"""The ladder: its rungs and how long a standing lasts, as versions that hold from a day on."""
