"""What is odd as far as a rule can see it: nothing is refused, people are asked."""
