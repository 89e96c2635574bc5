"""Lists that somebody asked for as a file, too long to wait for: a worker makes them, and they are kept for days."""
