"""A mall's own files brought in by batches: what the command line and the imports of the console share, and the latter."""
