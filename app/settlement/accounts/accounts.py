"""Setting and reading the bank accounts of a mall and its merchants."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.kernel.security import crypto
from app.kernel.spelling import marks, names
from app.settlement.accounts.errors import AccountNameMissing, AccountNumberInvalid
from app.settlement.accounts.models import BankAccount

PURPOSE = "bank_account"
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account as finance reads it."""

    holder: str
    bank: str
    number: str
    masked: str


def set_account(
    mall_id: int, merchant_id: int | None, *, holder: str, bank: str, number: str, now: datetime
) -> BankAccount | None:
    """Replace where money goes; without merchant, the mall's own. None when it goes there already.

    Raises AccountNumberInvalid, AccountNameMissing.
    """
    digits, holder, bank = marks.compact(number), names.spell_text(holder), names.spell_text(bank)
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 32):
        raise AccountNumberInvalid
    if not all(1 <= len(name) <= LONGEST_NAME for name in (holder, bank)):
        raise AccountNameMissing
    if _lock_account(mall_id, merchant_id) == (holder, bank, digits):
        return None
    values = {
        "holder": holder,
        "bank": bank,
        "number_sealed": crypto.seal(digits, purpose=PURPOSE),
        "number_masked": f"****{digits[-4:]}",
        "changed_at": now,
    }
    by_merchant = merchant_id is not None
    statement = insert(BankAccount).values(mall_id=mall_id, merchant_id=merchant_id, **values)
    return db.session.scalars(
        statement.on_conflict_do_update(
            index_elements=["mall_id", "merchant_id"] if by_merchant else ["mall_id"],
            index_where=BankAccount.merchant_id.is_not(None) if by_merchant else BankAccount.merchant_id.is_(None),
            set_=values,
        ).returning(BankAccount),
        execution_options={"populate_existing": True},
    ).one()


def find_account(mall_id: int, merchant_id: int | None) -> Account | None:
    """Where money goes, if that is known."""
    found = db.session.scalar(_select_account(mall_id, merchant_id))
    if found is None:
        return None
    return Account(found.holder, found.bank, crypto.unseal(found.number_sealed, purpose=PURPOSE), found.number_masked)


def _lock_account(mall_id: int, merchant_id: int | None) -> tuple[str, str, str] | None:
    """Holder, bank and number as they are now; nobody else changes them until the transaction ends."""
    locked = _select_account(mall_id, merchant_id).with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(locked)
    if found is None:
        return None
    return found.holder, found.bank, crypto.unseal(found.number_sealed, purpose=PURPOSE)


def _select_account(mall_id: int, merchant_id: int | None) -> Select[tuple[BankAccount]]:
    whose = BankAccount.merchant_id.is_(None) if merchant_id is None else BankAccount.merchant_id == merchant_id
    return select(BankAccount).where(BankAccount.mall_id == mall_id, whose)


def receiver_of(mall_id: int, merchant_id: int, amount_fen: int) -> Account | None:
    """Where the money of a statement goes: to the merchant if the mall owes it, else to the mall."""
    return find_account(mall_id, merchant_id if amount_fen > 0 else None) if amount_fen else None
