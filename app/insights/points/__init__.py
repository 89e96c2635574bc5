"""What points cost and what is owed in them: sums by day, what can still be spent by month, what they foretell."""
