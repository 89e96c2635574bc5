"""What platforms told us and nobody understood or could act on."""
