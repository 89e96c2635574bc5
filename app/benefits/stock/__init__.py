"""Stock of campaigns, kept in buckets so that many can take at once."""
