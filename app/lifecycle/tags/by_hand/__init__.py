"""Tags that people give: each a word of a mall with an owner and what it means, given and taken on a member's page."""
