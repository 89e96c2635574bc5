"""Made-up identifiers in the platforms' shapes."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits


def token(length: int, prefix: str = "") -> str:
    """A random identifier of `length` letters and digits after the prefix."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def digits(length: int, prefix: str = "") -> str:
    """A random identifier of `length` digits after the prefix."""
    return prefix + "".join(secrets.choice(string.digits) for _ in range(length))


def request_id() -> str:
    """The `rid` WeChat appends to its error texts."""
    return "-".join(secrets.token_hex(4) for _ in range(3))
