"""What every page of the portal uses."""
