"""Personal data: what a member's tier gave them stands among their coupons."""

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "tier_allowances": "that coupons were given, which are in the document",
}
