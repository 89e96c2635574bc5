"""What every page of the console uses."""
