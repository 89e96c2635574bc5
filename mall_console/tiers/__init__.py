"""The ladder of tiers in the console: its versions, who stands where, and who is close to moving."""
