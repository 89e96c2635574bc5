"""Who works here and what calls us: staff, their roles and places, passwords, machines, and the audit log."""
