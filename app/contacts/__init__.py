"""WeCom contacts of our staff, and the greetings they are owed."""
