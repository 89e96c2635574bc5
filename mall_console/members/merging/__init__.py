"""Members who are one person: both beside each other while people are asked, and what was merged."""
