"""What `script/test` and `script/lint` run."""
