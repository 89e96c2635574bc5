"""The business circle: notices worked off."""
