"""What it costs to begin: starting the product, importing it, opening its pages for the first time."""
