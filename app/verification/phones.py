"""How a verified phone is found without being read: its blind index."""

from app.kernel.security import crypto

PHONE_PURPOSE = "member.phone"


def phone_index(phone: str) -> str:
    """The blind index of a normalised member phone."""
    return crypto.blind_index(phone, purpose=PHONE_PURPOSE)
