"""Growth value: credited with a reason, shown to the member, never below zero."""

from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db, table_of
from app.kernel.facts import Fact
from app.kernel.fastpath.prepared import Prepared
from app.kernel.reasons import Reason
from app.tiers.models import GrowthAccount, GrowthEntry, Tier

# The ladder a new group starts with; names and thresholds are data from then on [S3.9].
DEFAULT_LADDER = (
    ("silver", "银卡会员", 0),
    ("gold", "金卡会员", 2_000),
    ("platinum", "白金会员", 10_000),
    ("black", "黑金会员", 50_000),
)


def ensure_ladder() -> None:
    """Give a group without tiers the default ladder."""
    if db.session.scalar(select(Tier.code).limit(1)) is None:
        db.session.add_all([Tier(code=code, name=name, threshold=at) for code, name, at in DEFAULT_LADDER])
        db.session.flush()


def credit(member_id: int, *, growth: int, reason: Reason, fact: Fact, now: datetime) -> int:
    """Add growth (negative takes back) once per fact; returns the value after. What is taken stops at zero."""
    entry = {
        "member_id": member_id,
        "reason_code": reason.code,
        "reason_facts": dict(reason.facts),
        "fact": fact,
        "occurred_at": now,
    }
    first = max(growth, 0)
    if _OPEN.run(member_id=member_id, growth=first):  # who had no account was never credited
        if growth:
            _ENTER.later({**entry, "growth": first, "growth_after": first})
        return first
    account = _lock(member_id)
    done = db.session.scalar(
        select(GrowthEntry.growth_after).where(GrowthEntry.member_id == member_id, GrowthEntry.fact == fact)
    )
    if done is not None or growth == 0:
        return account.growth
    change = max(growth, -account.growth)
    account.growth += change
    db.session.flush()
    _ENTER.later({**entry, "growth": change, "growth_after": account.growth})
    return account.growth


def was_credited(member_id: int, fact: Fact) -> bool:
    """Whether growth was ever given or taken for the fact."""
    entry = select(GrowthEntry.id).where(GrowthEntry.member_id == member_id, GrowthEntry.fact == fact)
    return db.session.scalar(entry) is not None


_OPEN = Prepared(
    insert(table_of(GrowthAccount))
    .values(member_id=bindparam("member_id"), growth=bindparam("growth"))
    .on_conflict_do_nothing(index_elements=["member_id"])
)
_ENTRY = ("member_id", "growth", "growth_after", "reason_code", "reason_facts", "fact", "occurred_at")
_ENTER = Prepared(insert(table_of(GrowthEntry)).values({name: bindparam(name) for name in _ENTRY}))


def _lock(member_id: int) -> GrowthAccount:
    return db.session.scalars(
        select(GrowthAccount)
        .where(GrowthAccount.member_id == member_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def value_of(member_id: int) -> int:
    """The member's growth value."""
    account = db.session.get(GrowthAccount, member_id)
    return account.growth if account is not None else 0


# A member's growth value and tier within another statement, by its parameter `member_id`; without any, value is null.
VALUE = select(GrowthAccount.growth).where(GrowthAccount.member_id == bindparam("member_id")).scalar_subquery()
_REACHED = Tier.threshold <= func.coalesce(VALUE, 0)
TIER_CODE = select(Tier.code).where(_REACHED).order_by(Tier.threshold.desc()).limit(1).scalar_subquery()
TIER_NAME = select(Tier.name).where(_REACHED).order_by(Tier.threshold.desc()).limit(1).scalar_subquery()
_NEXT = Tier.threshold > func.coalesce(VALUE, 0)
NEXT_NAME = select(Tier.name).where(_NEXT).order_by(Tier.threshold).limit(1).scalar_subquery()
NEXT_AT = select(Tier.threshold).where(_NEXT).order_by(Tier.threshold).limit(1).scalar_subquery()


def tier_at(growth: int) -> Tier:
    """The highest rung reached; the ladder has a rung at zero."""
    return db.session.scalars(
        select(Tier).where(Tier.threshold <= growth).order_by(Tier.threshold.desc()).limit(1)
    ).one()
