"""Staff passwords: argon2id with the library's present parameters, and what counts as good enough."""

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.access.errors import PasswordWeak
from app.kernel.settings import Settings


class _Hasher(PasswordHasher):
    """What this process hashes with."""

    @cached_property
    def nobodys(self) -> str:
        """Checked when no such person exists, so that an unknown phone takes as long as a wrong password."""
        return self.hash("nobody has this password")


_hasher = _Hasher()


def configure(settings: Settings) -> None:
    """The people of a test run hold nothing worth guarding, so their passwords cost nearly nothing; all others do."""
    global _hasher
    _hasher = _Hasher(time_cost=1, memory_cost=8, parallelism=1) if settings.is_test else _Hasher()


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
    nobodys = _hasher.nobodys  # made at a process's first sign-in, whoever that is
    try:
        return _hasher.verify(stored or nobodys, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with older parameters and should be made anew at the next sign-in."""
    return _hasher.check_needs_rehash(stored)
