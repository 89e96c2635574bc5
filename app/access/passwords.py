"""Staff passwords: argon2id with the library's present parameters, and what counts as good enough."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.access.errors import PasswordWeak

_hasher = PasswordHasher()
# Checked when no such person exists, so that an unknown phone takes as long as a wrong password.
_nobodys_hash = _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """The hash to store."""
    return _hasher.hash(password)


def ensure_good(password: str, *, phone: str | None = None) -> None:
    """Raises PasswordWeak unless 8-128 characters with letters and digits that do not hold the phone number."""
    has_both = any(letter.isalpha() for letter in password) and any(digit.isdigit() for digit in password)
    if not 8 <= len(password) <= 128 or not has_both or (phone is not None and phone in password):
        raise PasswordWeak


def matches(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; takes as long when there is no hash."""
    try:
        return _hasher.verify(stored or _nobodys_hash, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with older parameters and should be made anew at the next sign-in."""
    return _hasher.check_needs_rehash(stored)
