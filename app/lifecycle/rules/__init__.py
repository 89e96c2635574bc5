"""What a stage means: versions of the rules, each from a day on."""
