"""Imports: a file is uploaded, its columns are matched, what it would do is counted, and it is brought in."""
