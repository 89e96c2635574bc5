"""Lists that were asked for as files."""
