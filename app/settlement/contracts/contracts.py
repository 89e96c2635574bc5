"""The contract terms that hold on a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.kernel.db import db
from app.settlement.contracts.errors import (
    NoContractTerms,
)
from app.settlement.contracts.models import ContractTerms


def find_terms(mall_id: int, merchant_id: int, *, on: date) -> ContractTerms | None:
    """The terms that hold on the mall's day: the latest that start on it or before."""
    return db.session.scalar(
        select(ContractTerms)
        .where(
            ContractTerms.mall_id == mall_id,
            ContractTerms.merchant_id == merchant_id,
            ContractTerms.effective_from <= on,
        )
        .order_by(ContractTerms.effective_from.desc())
        .limit(1)
    )


def get_terms(mall_id: int, merchant_id: int, *, on: date) -> ContractTerms:
    """The terms that hold on the mall's day; raises NoContractTerms."""
    terms = find_terms(mall_id, merchant_id, on=on)
    if terms is None:
        raise NoContractTerms(mall_id=mall_id, merchant_id=merchant_id, on=on)
    return terms


def list_terms(mall_id: int, merchant_id: int) -> Sequence[ContractTerms]:
    """Every version of the terms, the latest first."""
    return db.session.scalars(
        select(ContractTerms)
        .where(ContractTerms.mall_id == mall_id, ContractTerms.merchant_id == merchant_id)
        .order_by(ContractTerms.effective_from.desc())
    ).all()
