"""The code on a receipt: what a till prints so that a member can claim the receipt by scanning it.

`HTR1|store code|receipt number|sum in fen|day as YYYYMMDD`, plain or with `|client id|signature` behind it: the first
32 hexadecimal digits of the HMAC-SHA256 of all that stands before the last bar, by the till's secret. It may stand in
an address, behind whatever comes before `HTR1|`. No field holds a bar.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime

from app.access.machines import machines
from app.purchases.claims.errors import ReceiptCodeInvalid
from app.purchases.rules import MOST_FEN

PREFIX = "HTR1|"
# Anybody can write a code: it may say what members may type, and no more.
_WORD = re.compile(r"[\x21-\x7e]{1,64}")
_SUM = re.compile(r"[1-9][0-9]{0,9}")
LONGEST = 512
_PLAIN, _SIGNED = 4, 6
_SIGNATURE_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What a receipt says of itself; `signed_in` is the mall whose till signed it, None for a plain code."""

    store_code: str
    receipt_no: str
    amount_fen: int
    day: date
    signed_in: int | None = None


def read(text: str) -> Printed:
    """The receipt of a code; raises ReceiptCodeInvalid."""
    _, prefix, told = text.partition(PREFIX)
    fields = told.split("|")
    if not prefix or len(text) > LONGEST or len(fields) not in (_PLAIN, _SIGNED):
        raise ReceiptCodeInvalid
    store_code, receipt_no, amount, day = fields[:_PLAIN]
    if not (_WORD.fullmatch(store_code) and _WORD.fullmatch(receipt_no) and _SUM.fullmatch(amount)):
        raise ReceiptCodeInvalid
    if int(amount) > MOST_FEN:
        raise ReceiptCodeInvalid
    return Printed(
        store_code=store_code,
        receipt_no=receipt_no,
        amount_fen=int(amount),
        day=_day(day),
        signed_in=_signer(fields) if len(fields) == _SIGNED else None,
    )


def write(printed: Printed, *, client_id: str = "", secret: str = "") -> str:
    """The code of a receipt, signed if it is said by whom."""
    text = f"{PREFIX}{printed.store_code}|{printed.receipt_no}|{printed.amount_fen}|{printed.day:%Y%m%d}"
    if not client_id:
        return text
    signed = f"{text}|{client_id}"
    return f"{signed}|{_signature(secret, signed)}"


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  a day of the mall, not a moment
    except ValueError:
        raise ReceiptCodeInvalid from None


def _signer(fields: list[str]) -> int:
    """The mall of the till whose signature it is."""
    client_id, given = fields[_PLAIN:]
    till = machines.find_machine(client_id)
    if till is None or not till.active or till.kind != "pos":
        raise ReceiptCodeInvalid
    signed = PREFIX + "|".join(fields[:-1])
    if not hmac.compare_digest(_signature(machines.secret_of(till), signed), given.lower()):
        raise ReceiptCodeInvalid
    return till.mall_id


def _signature(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:_SIGNATURE_LENGTH]
