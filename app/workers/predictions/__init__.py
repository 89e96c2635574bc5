"""Workers of predictions: what a night expects of members."""
