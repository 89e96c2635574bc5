"""What is posted for a fact, what its reversals left of it, and the lines that take it back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, Text, any_, bindparam, select

from app.kernel import clock, money
from app.kernel.db import table_of
from app.kernel.facts import Fact
from app.kernel.fastpath.entities import PreparedEntities
from app.settlement.ledger import rules
from app.settlement.ledger.lines import Line
from app.settlement.ledger.models import Posting, PostingKind

_ROW = table_of(Posting)
_ORIGINALS = PreparedEntities(
    Posting,
    select(_ROW)
    .where(_ROW.c.kind == any_(bindparam("kinds", type_=ARRAY(Text))), _ROW.c.fact == bindparam("of_fact"))
    .order_by(_ROW.c.id),
)
_REVERSALS = PreparedEntities(
    Posting,
    select(_ROW).where(_ROW.c.reverses_id == any_(bindparam("originals", type_=ARRAY(BigInteger)))).order_by(_ROW.c.id),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A posting and what its reversals left of it."""

    original: Posting
    reversals: Sequence[Posting]

    @property
    def reversed_by(self) -> set[str]:
        return {reversal.fact for reversal in self.reversals}

    @property
    def is_spent(self) -> bool:
        return bool(self.reversals) and not (self.base_fen or self.points or self.amount_fen)

    @property
    def base_fen(self) -> int:
        return self.original.base_fen + sum(reversal.base_fen for reversal in self.reversals)

    @property
    def points(self) -> int:
        return self.original.points + sum(reversal.points for reversal in self.reversals)

    @property
    def amount_fen(self) -> int:
        return self.original.amount_fen + sum(reversal.amount_fen for reversal in self.reversals)


def list_standing(fact: Fact) -> list[Standing]:
    """The fact's postings with their reversals, in two selects."""
    originals = _ORIGINALS.all(kinds=list(PostingKind), of_fact=fact)
    after = defaultdict[int | None, list[Posting]](list)
    for one in _REVERSALS.all(originals=[one.id for one in originals]) if originals else ():
        after[one.reverses_id].append(one)
    return [Standing(one, after[one.id]) for one in originals]


def share_points(posted: Sequence[Standing], points: int) -> list[int]:
    """How many of the points (<= 0) to take from each posting, so that what is left keeps the shares of the purchase.

    Postings that are not about points give none.
    """
    weights = [one.original.points for one in posted]
    if not any(weights):
        return [0 for _ in posted]
    kept = money.split(sum(one.points for one in posted) + points, weights)
    return [left - one.points for left, one in zip(kept, posted, strict=True)]


def refund_line(standing: Standing, *, fact: Fact, amount_fen: int, points: int, occurred_at: datetime) -> Line:
    """The line that refunds part of a purchase: commission and points of what is kept, less what is posted."""
    original = standing.original
    if original.kind == PostingKind.COMMISSION:
        kept_fen = standing.base_fen + amount_fen
        owed_fen = rules.commission_fen(kept_fen, original.rate)
        return reversal_line(
            original, fact, occurred_at, base_fen=amount_fen, points=0, amount_fen=owed_fen - standing.amount_fen
        )
    owed_fen = -rules.points_fen(standing.points + points, original.rate)
    return reversal_line(
        original, fact, occurred_at, base_fen=0, points=points, amount_fen=owed_fen - standing.amount_fen
    )


def reversal_line(
    original: Posting, fact: Fact, occurred_at: datetime, *, base_fen: int, points: int, amount_fen: int
) -> Line:
    """A line against the posting, of these amounts; fen and points are signed."""
    return Line(
        mall_id=original.mall_id,
        merchant_id=original.merchant_id,
        store_id=original.store_id,
        kind=PostingKind(original.kind),
        fact=fact,
        base_fen=base_fen,
        points=points,
        rate=original.rate,
        amount_fen=amount_fen,
        business_day=clock.business_date(occurred_at),
        occurred_at=occurred_at,
        reverses_id=original.id,
    )
