"""A night of many members in shares of them: who takes which, and what is done for it."""
