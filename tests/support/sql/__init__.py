"""The SQL that a test run sends: noted by every worker, read at the end of the run for what cannot run distributed."""
