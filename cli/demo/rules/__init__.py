"""What the demo malls promise: plain data."""
