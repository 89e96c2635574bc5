"""The contract terms that hold on a day."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_

from app.kernel import versions
from app.settlement.contracts.errors import NoContractTerms
from app.settlement.contracts.models import ContractTerms

_LATEST = versions.Latest(ContractTerms, "mall_id", "merchant_id")


def between(mall_id: int, merchant_id: int) -> ColumnElement[bool]:
    """The condition that terms are those of a merchant in a mall."""
    return and_(ContractTerms.mall_id == mall_id, ContractTerms.merchant_id == merchant_id)


def find_terms(mall_id: int, merchant_id: int, *, on: date) -> ContractTerms | None:
    """The terms that hold on the mall's day: the latest that start on it or before."""
    return _LATEST.find(at=on, mall_id=mall_id, merchant_id=merchant_id)


def get_terms(mall_id: int, merchant_id: int, *, on: date) -> ContractTerms:
    """The terms that hold on the mall's day; raises NoContractTerms."""
    terms = find_terms(mall_id, merchant_id, on=on)
    if terms is None:
        raise NoContractTerms(mall_id=mall_id, merchant_id=merchant_id, on=on)
    return terms


def list_terms(mall_id: int, merchant_id: int) -> Sequence[ContractTerms]:
    """Every version of the terms, the latest first."""
    return versions.list_versions(ContractTerms, between(mall_id, merchant_id))


def terms_on(day: date, *, mall_id: int, merchant_ids: Collection[int]) -> dict[int, ContractTerms]:
    """The terms that hold on the mall's day by merchant, for those that have some."""
    theirs = and_(ContractTerms.mall_id == mall_id, ContractTerms.merchant_id.in_(merchant_ids))
    found = versions.list_at(ContractTerms, theirs, each=ContractTerms.merchant_id, at=day)
    return {terms.merchant_id: terms for terms in found}
