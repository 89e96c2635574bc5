"""Calling the platforms: transport, tokens, what errors mean."""
