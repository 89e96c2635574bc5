"""The people of the sandbox, the messages they received and the codes that stand for them."""
