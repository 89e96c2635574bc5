"""Members photograph receipts: what they sent, until people have read it."""
