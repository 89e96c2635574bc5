"""Books and postings: every amount between mall and merchant, explained by a fact."""
