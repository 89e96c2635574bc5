"""The group's malls, the merchants in them and their stores. Knows nobody by name; everything above refers to it."""
