"""Segments in the console: who is meant, how many they are, and who."""
