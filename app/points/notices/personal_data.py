"""Personal data: notices of points that run out."""

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {"points_expiry_notices": "what runs out when is among the lots"}
