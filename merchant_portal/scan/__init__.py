"""The page at the till and the JSON it lives on."""
