"""Long lists, read page by page: what they are sorted by, and the cursors between their pages."""
