"""Other outside systems of the mall: the SMS provider and the parking gates. Calls run outside transactions."""
