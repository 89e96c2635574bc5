"""Codes that say who a member is for a moment: the rolling one that a till scans, and digits that are read out."""
