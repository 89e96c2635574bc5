"""What a member did and has, as lists on their page."""
