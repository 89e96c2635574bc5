"""Campaigns and redemptions."""
