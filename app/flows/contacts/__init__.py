"""WeCom, from its callbacks to members: contacts of our staff, their groups, and the greeting a new contact is owed."""
