"""Refusals of the package malls."""

from app.kernel.errors import DomainError


class StoreConflict(DomainError):
    """A store with that code is here with other facts. Fact: store_code."""

    kind = "conflict"
    code = "store_conflict"


class StoreCodeTaken(DomainError):
    """A store of the group bears this code."""

    kind = "conflict"
    code = "store_code_taken"


class MerchantCodeTaken(DomainError):
    """A merchant of the group bears this code."""

    kind = "conflict"
    code = "merchant_code_taken"


class MerchantOfOthers(DomainError):
    """A merchant with that code is another mall's. Fact: merchant_code."""

    kind = "conflict"
    code = "merchant_of_others"


class ColoursUnreadable(DomainError):
    """Neither white nor dark text is readable on the colours. Fact: contrast of the better of the two."""

    code = "colours_unreadable"
