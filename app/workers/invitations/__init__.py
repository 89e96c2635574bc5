"""Looking at invitations that are due, and fetching the pictures of personal codes."""
