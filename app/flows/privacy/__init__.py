"""Acts about personal data: what is kept of a member, and sealing it anew under another key."""
