"""Who stood where on two days: the migration matrix, and the members of each of its cells."""
