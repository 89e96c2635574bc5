"""What a member did: one append-only row per behaviour, unique by (kind, fact). No money, no personal data."""
