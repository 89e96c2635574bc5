"""What lets the same schema run on one PostgreSQL and on many: where each table lives, and what can stand there."""
