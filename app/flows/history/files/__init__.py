"""Files as malls bring them: bytes to text, text to rows, rows to what they say. Nothing here asks the database."""
