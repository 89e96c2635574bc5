"""The product's side of the year's points: its rules, who spends when, and what it says of them at a month's end."""

from datetime import date, timedelta

from sqlalchemy import select

from app.identity import bulk as identity_bulk
from app.identity.models import IdentityKind
from app.insights.points import counting, queries
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.points.earning import rule_sets
from app.points.earning.extras import CampaignExtra, MemberDayExtra, TierExtra
from app.points.earning.rules import Rules
from app.points.expiry import policies
from app.points.expiry.models import Until
from app.points.expiry.rules import Policy
from app.points.ledger import ledger
from app.points.ledger.models import PointsAccount
from app.points.proof.ways import Way
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import AtEnd, Ladder, Rung
from app.tiers.standings import queries as standings
from app.workers.points import points
from cli.complete_journey.source import FIRST_DAY, card_no
from script.year.expected_points import Books, Sums

LADDER = Ladder(
    rungs=(
        Rung("silver", "银卡", 0),
        Rung("gold", "金卡", 300),
        Rung("platinum", "铂金卡", 900),
        Rung("diamond", "钻石卡", 2_000),
    ),
    period_months=3,
    at_end=AtEnd.ONE_DOWN,
)
RULES = Rules(
    extras=(
        MemberDayExtra(bps=10_000, month_days=(8, 18, 28)),
        CampaignExtra(bps=5_000, title="618", first_day=date(2017, 6, 1), last_day=date(2017, 6, 18)),
        TierExtra(bps=1_000, tier="gold", title="金卡"),
        TierExtra(bps=2_000, tier="platinum", title="铂金卡"),
        TierExtra(bps=3_000, tier="diamond", title="钻石卡"),
    )
)
POLICY = Policy(Until.MONTHS, months=6)
SPENT, SPENT_ON = 500, {(3, 15), (6, 15), (9, 15), (12, 15)}
_BATCH = 5_000


def begin_group() -> None:
    """What holds for the group from the year's first day on; before any mall is open, a day ahead."""
    now = clock.now()
    with atomic():
        ladders.begin_with(LADDER, now=now)
        policies.publish(POLICY, effective_from=FIRST_DAY, by="import", now=now)


def begin_mall(mall_id: int) -> None:
    """How purchases earn there."""
    rule_sets.open_with(mall_id, RULES, effective_from=FIRST_DAY, by="import", now=clock.now())


def spend(mall_id: int, day: date) -> None:
    """Everybody who can spends, on the days for it."""
    if (day.month, day.day) not in SPENT_ON:
        return
    with atomic():
        able = select(PointsAccount.member_id).where(PointsAccount.available_points >= SPENT)
        for member_id in db.session.scalars(able.order_by(PointsAccount.member_id)).all():
            fact = Fact("year", day, member_id)
            ledger.redeem(member_id, points=SPENT, reason=Reason("spent"), fact=fact, now=clock.now(), mall_id=mall_id)


def expire() -> None:
    """What a night lets run out."""
    while points.expire_overdue_lots(limit=_BATCH).members:
        pass


def differences(books: Books, day: date) -> list[str]:
    """Everything in which points and tiers differ on a day whose night is over; the proof's findings first."""
    proof = points.prove_accounts()
    found = [f"proof: {one}" for one in proof.differences]
    expected, sums = books.tiers(day), books.sums(day)
    tiers = _tiers(list(expected), day)
    found += [f"household {one}: {tiers.get(one)}, not {tier}" for one, tier in expected.items() if tiers[one] != tier]
    said = Sums(proof.total(Way.ACCRUED), -proof.total(Way.SPENT), -proof.total(Way.EXPIRED), _due(day))
    return found if said == sums else [*found, f"{said}, not {sums}"]


def _tiers(households: list[int], day: date) -> dict[int, str]:
    owners = identity_bulk.find_owners(IdentityKind.CARD_NO, [card_no(one) for one in households])
    ids = {one: owners[card_no(one)] for one in households}
    found = standings.tier_codes_at({(member_id, day) for member_id in ids.values()})
    return {one: found[member_id, day] for one, member_id in ids.items()}


def _due(day: date) -> dict[date, int]:
    """The liability by month, as the console's page of it counts."""
    with atomic():
        counting.count_due(today=day + timedelta(days=1))
    found = queries.find_due(None)
    return {} if found is None else dict(found.months)
