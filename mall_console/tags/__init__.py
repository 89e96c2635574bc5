"""Tags in the console: which there are, how many members bear each, by which thresholds; the mall's own words."""
