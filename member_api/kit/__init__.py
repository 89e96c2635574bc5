"""What every resource of the member API uses."""
