"""Rows of tables as what they say, where one row is not simply one thing."""
