"""What the console tells of a member's future: what to expect, and why they stay away."""
