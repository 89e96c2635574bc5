"""What the tests stand on: a throw-away PostgreSQL, its databases, the network guard, the statement counter."""
