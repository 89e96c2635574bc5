"""How well members are known: how complete what they told is, and how near predictions come to what happens."""
