"""Machines that call us: tills, gates, partners. Their requests are signed, fresh, and counted once."""
