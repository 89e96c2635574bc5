"""Refusals about bank accounts."""

from app.kernel.errors import DomainError


class AccountNumberInvalid(DomainError):
    """A bank's account number has 8 to 32 digits."""

    code = "account_number_invalid"


class AccountNameMissing(DomainError):
    """An account needs its holder's name and its bank's, of at most 60 characters each."""

    code = "account_name_missing"
