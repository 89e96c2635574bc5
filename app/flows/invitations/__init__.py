"""What becomes of invitations: looked at by a worker, asked about where they look made up, and what they bring."""
