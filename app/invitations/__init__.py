"""Who brought whom: members' personal codes, who joined by them, what became of it, and the rules of what counts."""
