"""How long points are good: a policy of the group by day, and what becomes of points that return too late."""
