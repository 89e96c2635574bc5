"""Forms of the portals: declared, read strictly, refused in words."""
