"""Personal data: the memory of who left, which says nothing of them."""

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "former_members": "that they were here before, under no name; what they owe again stands among the points",
}
