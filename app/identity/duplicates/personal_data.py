"""Personal data: what members have in common is no data of one of them alone."""

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "member_signs": "digests of what stands elsewhere in the document",
    "member_pairs": "what a member has in common with another, who would be shown with it",
    "members_to_compare": "a queue, worked off within minutes",
}
