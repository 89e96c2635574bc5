"""What members bring and take, a row per member and day; worked out by a flow that reads those who know."""
