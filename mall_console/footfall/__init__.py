"""How many people come in by which door, and when."""
