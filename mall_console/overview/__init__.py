"""Today's figures."""
