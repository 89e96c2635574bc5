"""Plain functions that make rows and flush; one file per package."""
