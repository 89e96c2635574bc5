"""What another ladder would do to everybody, before it holds: a question kept as data, answered page by page."""
