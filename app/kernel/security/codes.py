"""Codes people read aloud and ids machines pass around."""

import secrets

from uuid6 import uuid7

# No vowels (no words), no 0/O, 1/I/L, 2/Z, 5/S, 8/B twins.
ALPHABET = "34679CDFGHJKMNPQRTVWXY"

_LETTERS = ALPHABET * (256 // len(ALPHABET))
_PLACES = {letter: place for place, letter in enumerate(ALPHABET, start=1)}


def new_code(length: int) -> str:
    """A random code of `length` characters, the last of which checks the others."""
    body = ""
    while len(body) < length - 1:  # what is cut off of the bytes would favour the first letters
        body += "".join([_LETTERS[one] for one in secrets.token_bytes(length) if one < len(_LETTERS)])
    body = body[: length - 1]
    return body + check_character(body)


def check_character(body: str) -> str:
    """Weighted sum over the alphabet: catches every single wrong character and most swaps of neighbours."""
    total = sum([position * _PLACES[letter] for position, letter in enumerate(body, start=1)])
    return ALPHABET[total % len(ALPHABET)]


def is_well_formed(code: str, length: int) -> bool:
    """Whether the code has the length, the alphabet and the check character."""
    return len(code) == length and all(letter in ALPHABET for letter in code) and code[-1] == check_character(code[:-1])


def grouped(code: str) -> str:
    """A code in groups of four for reading aloud."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def new_public_id() -> str:
    """A time-ordered opaque id (UUID version 7) as 32 hex digits."""
    return uuid7().hex


def new_token() -> str:
    """An unguessable url-safe secret."""
    return secrets.token_urlsafe(32)


def new_digits(length: int) -> str:
    """Random decimal digits, for codes sent by SMS."""
    return "".join(secrets.choice("0123456789") for _ in range(length))
