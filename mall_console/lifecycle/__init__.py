"""The lifecycle as operations see it: where members stand, who moved, and why."""
