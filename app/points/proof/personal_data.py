"""Personal data: proofs of points."""

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {"points_differences": "that an account did not add up is about the mall's books, not about the person"}
