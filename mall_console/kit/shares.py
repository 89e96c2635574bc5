"""Shares on pages: of a handful they are chance."""

# Of fewer no share is told, only how many.
FEW = 5
