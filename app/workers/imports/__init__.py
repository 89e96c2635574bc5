"""A mall's own files brought in by batches: for the command line and the console."""
