"""What members can be asked for."""
