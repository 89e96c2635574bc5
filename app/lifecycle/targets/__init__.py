"""What share of the members of a stage should move on, and within how many days: targets as versions of data."""
