"""Pictures of the pages for docs/screens, taken of the demo mall."""
