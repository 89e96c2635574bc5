"""`redemptions.redeem_coupon` as one statement, with the answer it keeps.

The coupon's update feeds the redemption, and whatever else is written is written for each row of the redemption: the
timeline, the audit log, the postings under the book's shared lock, and the kept answer. So a coupon that is not free
leaves nothing. A book that is not open, or a key that is taken, breaks the statement, which leaves nothing either.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, literal, select

from app.access import audit
from app.benefits.coupons import coupons, queries, rules
from app.benefits.coupons.rules import CouponFacts
from app.flows import redemptions
from app.flows.consequences.uses import redemption as consequences
from app.flows.consequences.uses.redemption import Consequences
from app.flows.redemptions import Redeemed, Till
from app.kernel import idempotency
from app.kernel.errors import DomainError
from app.kernel.fastpath import fragments
from app.kernel.fastpath.prepared import Prepared
from app.kernel.idempotency import Command, KeptAnswer
from app.kernel.security import codes
from app.kernel.spelling.codes import COUPON_LENGTH, spell_code
from app.settlement.ledger import lines
from app.timeline import events

_POSTINGS = 2
_EVENT, _AUDIT, _KEPT, _POSTED = "event_", "audit_", "kept_", "posted_"


def _build() -> Select[Any]:
    used = coupons.REDEEM.cte("used")
    posted = lines.insert_for_each(used, number=_POSTINGS, prefix=_POSTED).cte("posted")
    beside = (
        events.insert_for_each(used, prefix=_EVENT).cte("event"),
        audit.insert_for_each(used, prefix=_AUDIT).cte("entry"),
        idempotency.insert_for_each(used, prefix=_KEPT).cte("kept"),
    )
    redeemed = select(func.count()).select_from(used).scalar_subquery()
    written = select(func.count()).select_from(posted).scalar_subquery()
    # Dividing by nought takes everything back: the redemption was written, its postings were not.
    verdict = case((redeemed == 0, 0), (written == _POSTINGS, 1), else_=literal(1) // (written * 0))
    return select(verdict.label("redeemed")).add_cte(*beside)


_REDEEM = Prepared(_build(), alone=True)


def redeem_coupon(
    code: str,
    till: Till,
    *,
    spend_fen: int | None,
    command: Command,
    answer: Callable[[Redeemed], tuple[int, dict[str, Any]]],
    now: datetime,
) -> KeptAnswer | None:
    """Use the coupon in this store and keep the answer; None, and nothing written, if anything is in the way.

    Raises IntegrityError when the command's key is taken and DataError when the store's book is not open: then, too,
    nothing is written.
    """
    facts = _find_redeemable(code, till, spend_fen, now=now)
    if facts is None:
        return None
    use = redemptions.use_of(facts, till, spend_fen)
    row = coupons.redemption_row(facts, use, now=now)
    status, body = answer(redemptions.redeemed(row["public_id"], facts, use, now=now))
    found = consequences.describe(row["public_id"], facts, use, till, now=now)
    entry = redemptions.audit_entry(facts, use, till, fact=found.fact, now=now)
    values = {**row, **_beside(found, entry), **_kept(command, status, body, now=now)}
    return KeptAnswer(status=status, answer=body) if _REDEEM.first(**values).redeemed else None


def _find_redeemable(code: str, till: Till, spend_fen: int | None, *, now: datetime) -> CouponFacts | None:
    clean = spell_code(code)
    if not codes.is_well_formed(clean, COUPON_LENGTH):
        return None
    try:
        facts = queries.get_by_code(clean, store_id=till.store_id)
        rules.ensure_for_till(facts, now=now)
        rules.ensure_spend(facts, spend_fen)
    except DomainError:
        return None
    # What a merchant gets of the points that a coupon was had for is another line: the plain way writes it.
    return facts if rules.merchant_points(facts) == 0 else None


def _beside(found: Consequences, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        **fragments.named(_EVENT, found.event),
        **fragments.named(_AUDIT, entry),
        **lines.parameters_of_act(found.lines, prefix=_POSTED),
    }


def _kept(command: Command, status: int, body: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    row = idempotency.row(
        caller=command.caller, key=command.key, fingerprint=command.fingerprint, status=status, answer=body, now=now
    )
    return fragments.named(_KEPT, row)
