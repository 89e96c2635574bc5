"""What benches share: throw-away servers, pgbench, an HTTP load, alternated repeats, figures as JSON lines."""
