"""Workers of figures that cross packages."""
