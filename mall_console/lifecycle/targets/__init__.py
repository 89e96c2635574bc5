"""What is aimed at for moves between stages."""
