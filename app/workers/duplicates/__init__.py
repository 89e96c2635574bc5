"""Looking for members who are one person, and merging who certainly are."""
