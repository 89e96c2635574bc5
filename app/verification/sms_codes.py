"""Codes by SMS: six digits, five minutes, few wrong tries, used once; each for one purpose and no other."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.kernel.db import db
from app.kernel.security import codes, crypto
from app.verification import phones, proofs
from app.verification.models import SmsCode

LIFETIME = timedelta(minutes=5)
# So many wrong tries are free; what comes after costs a proof, so that nobody spoils another's code for nothing.
FREE_FAILURES = 5
MAX_FAILURES = 20
SIGN_IN = "member.sign_in"


def issue(phone: str, *, now: datetime, purpose: str = SIGN_IN) -> tuple[int, str]:
    """Make a code for a normalised phone; returns its row's id and the code to send."""
    code = codes.new_digits(6)
    row = SmsCode(
        phone_index=_index(phone, purpose),
        code_digest=_digest(phone, code),
        created_at=now,
        expires_at=now + LIFETIME,
        failures=0,
    )
    db.session.add(row)
    db.session.flush()
    return row.id, code


def count_failures(phone: str, *, now: datetime, purpose: str = SIGN_IN) -> int:
    """How many wrong tries the newest code of the phone has had, while it is good."""
    newest = db.session.scalar(
        select(SmsCode).where(SmsCode.phone_index == _index(phone, purpose)).order_by(SmsCode.id.desc()).limit(1)
    )
    return 0 if newest is None or newest.expires_at <= now else newest.failures


def price_of(failures: int) -> int:
    """What the next try costs after so many wrong ones, in bits of a proof."""
    return proofs.bits_for(failures + 1, free=FREE_FAILURES)


def accept(phone: str, code: str, *, now: datetime, purpose: str = SIGN_IN) -> bool:
    """Whether the code is the newest one sent to the phone for this purpose; a right one is used up, a
    wrong one is counted.

    Returns rather than raises, so that the caller can commit the count of failures before refusing.
    """
    newest = db.session.scalar(
        select(SmsCode)
        .where(SmsCode.phone_index == _index(phone, purpose))
        .order_by(SmsCode.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if newest is None or newest.used_at or newest.expires_at <= now or newest.failures >= MAX_FAILURES:
        return False
    is_right = newest.code_digest == _digest(phone, code)
    change = {"used_at": now} if is_right else {"failures": newest.failures + 1}
    db.session.execute(update(SmsCode).where(SmsCode.id == newest.id).values(**change))
    return is_right


def _index(phone: str, purpose: str) -> str:
    return phones.phone_index(phone) if purpose == SIGN_IN else crypto.blind_index(phone, purpose=purpose)


def _digest(phone: str, code: str) -> str:
    return crypto.blind_index(f"{phone}:{code}", purpose="sms.code")


def sweep(*, now: datetime) -> int:
    """Forget codes that ran out more than a day ago; returns how many."""
    result = db.session.execute(delete(SmsCode).where(SmsCode.expires_at < now - timedelta(days=1)))
    return int(getattr(result, "rowcount", 0))
