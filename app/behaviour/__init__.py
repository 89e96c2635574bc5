"""What a member did in the mini-program, event by event, in partitions by month; on the timeline one row a day."""
