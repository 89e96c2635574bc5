"""A history brought in by the batch leaves the same rows as the same receipts rung up one after the other."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.flows import purchases
from app.flows.history import outcomes, receipts
from app.flows.history.outcomes import Outcome
from app.flows.history.receipts import Incoming
from app.flows.purchases import Buyer, Effects
from app.identity import members
from app.identity.models import IdentityKind
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.malls import queries as mall_queries
from app.malls.models import Store
from app.points.earning.extras import TierExtra
from app.points.ledger import ledger
from app.purchases.errors import StoreUnknown
from app.purchases.rules import Line, Receipt
from app.settlement import agreements
from app.settlement.statements import statements
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import AtEnd, Ladder, Rung
from tests.builders import identity, malls
from tests.builders.settlement import at_noon, make_contract
from tests.flows.history.snapshots import snapshot
from tests.support.clock import StillClock

Load = Callable[[Sequence[Incoming]], list[Outcome]]


@dataclass
class Town:
    """Stores with different rates and terms, and the cards that are shown in them."""

    stores: list[Store]
    cards: list[str | None]


@pytest.fixture
def town(clock: StillClock) -> Town:
    """Three merchants: one whose terms change in February and whose January is closed, one that begins in March."""
    mall = malls.make_mall()
    first = make_contract(mall, since=date(2026, 1, 1), commission_bps=333, issue_price_fen=77)
    agreements.add_terms(
        mall.id,
        first.merchant.id,
        effective_from=date(2026, 2, 10),
        commission_bps=505,
        issue_price_fen=61,
        redeem_price_fen=100,
    )
    late = make_contract(mall, since=date(2026, 3, 1))
    generous = make_contract(mall, since=date(2026, 1, 1))
    nothing = malls.make_store(mall, generous.merchant)
    gold = TierExtra(bps=2_000, tier="gold", title="金卡会员")
    malls.make_rates(mall, {generous.store: 15_077, nothing: 0}, gold)
    rungs = (Rung("silver", "银卡", 0), Rung("gold", "金卡", 1_000), Rung("platinum", "铂金卡", 4_000))
    ladders.begin_with(Ladder(rungs, period_months=1, at_end=AtEnd.ONE_DOWN), now=clock.now)
    statements.close_month(mall.id, date(2026, 1, 1), now=at_noon(date(2026, 2, 2)))
    db.session.flush()
    return Town([first.store, late.store, generous.store, nothing], _cards(mall))


def _cards(mall: Any) -> list[str | None]:
    """Of members (one in debt, one with points run out, one merged), a visitor, a stranger, and no card at all."""
    owing, rich, plain = (identity.make_member(mall) for _ in range(3))
    gift = ledger.accrue(owing.id, points=500, reason=note("得"), fact="gift", now=app_clock.now())
    ledger.redeem(owing.id, points=480, reason=note("用"), fact="spent", now=app_clock.now())
    ledger.take_back(owing.id, points=300, earned=gift, reason=note("收回"), fact="back", now=app_clock.now())
    ledger.accrue(rich.id, points=70, reason=note("得"), fact="old", now=app_clock.now() - timedelta(days=800))
    visitor = identity.make_visitor(mall)
    members.bind_card(visitor, "VISITOR1", now=app_clock.now())
    merged = identity.make_visitor(mall, unionid="u-merged")
    members.bind_card(merged, "MERGED1", now=app_clock.now())
    members.recognise(
        {IdentityKind.CARD_NO: plain.card_no or "", IdentityKind.UNIONID: "u-merged"},
        home_mall_id=mall.id,
        now=app_clock.now(),
    )
    return [owing.card_no, rich.card_no, plain.card_no, "MERGED1", "VISITOR1", "STRANGER", None]


def by_batches(size: int, effects: Effects, now: datetime, *, plainly: bool = True) -> Load:
    def load(items: Sequence[Incoming]) -> list[Outcome]:
        found = []
        for start in range(0, len(items), size):
            found += receipts.load(items[start : start + size], effects=effects, now=now, plainly=plainly)
        return found

    return load


def one_by_one(effects: Effects, now: datetime) -> Load:
    def ring_up(item: Incoming) -> Outcome:
        store = mall_queries.find_store_by_code(item.receipt.store_code)
        if store is None:
            raise StoreUnknown(store_code=item.receipt.store_code)
        recorded = purchases.record_purchase(item.receipt, store, Buyer(card_no=item.card_no), now=now, effects=effects)
        if not recorded.is_new:
            return outcomes.NEW if recorded.is_claimed else outcomes.KNOWN
        return outcomes.NEW if recorded.purchase is not None else outcomes.WAITING

    return lambda items: [outcomes.one_by_one(lambda item=item: ring_up(item)) for item in items]  # type: ignore[misc]


def told(load: Load, items: Sequence[Incoming]) -> tuple[list[tuple[str, str | None]], dict[str, Any]]:
    """What became of every receipt and what the tables say, with everything undone after."""
    savepoint = db.session.begin_nested()
    fates = [(outcome.kind.value, outcome.error.code if outcome.error else None) for outcome in load(items)]
    tables = snapshot()
    savepoint.rollback()
    return fates, tables


def history(town: Town, chance: random.Random, count: int) -> list[Incoming]:
    """Receipts as a mall's old till may have kept them, some of them wrong in every way there is."""
    items: list[Incoming] = []
    for number in range(count):
        dice = chance.random()
        if items and dice < 0.2:
            items.append(_refund(town, chance, chance.choice(items), number))
        elif items and dice < 0.33:
            items.append(_again(town, chance, chance.choice(items)))
        else:
            items.append(_purchase(town, chance, number))
    return items


def _purchase(town: Town, chance: random.Random, number: int) -> Incoming:
    amount = chance.choice([0, 1, 49, 99, 100, 12_345, chance.randrange(200_000), -5])
    lines: tuple[Line, ...] = ()
    if amount > 10 and chance.random() < 0.3:
        lines = (
            Line(line_no=1, category_code="food", amount_fen=amount - 7),
            Line(line_no=2, category_code="bag", amount_fen=7),
        )
    store = "UNKNOWN" if chance.random() < 0.03 else chance.choice(town.stores).code
    at = at_noon(date(2026, 1, 20)) + timedelta(hours=chance.randrange(24 * 50))
    receipt = Receipt(
        source="old", receipt_no=f"R{number}", store_code=store, occurred_at=at, amount_fen=amount, lines=lines
    )
    return Incoming(receipt, chance.choice(town.cards))


def _refund(town: Town, chance: random.Random, of: Incoming, number: int) -> Incoming:
    amount = -chance.choice([1, 50, max(of.receipt.amount_fen // 3, 1), max(of.receipt.amount_fen, 1), 10**9, 0])
    target = chance.choice([of.receipt.receipt_no] * 9 + ["NEVER"])
    store = of.receipt.store_code if chance.random() < 0.9 else chance.choice(town.stores).code
    at = of.receipt.occurred_at + timedelta(days=1)
    receipt = Receipt(
        source="old", receipt_no=f"F{number}", store_code=store, occurred_at=at, amount_fen=amount, refund_of=target
    )
    return Incoming(receipt, chance.choice(town.cards))


def _again(town: Town, chance: random.Random, item: Incoming) -> Incoming:
    """The same, with other content, or with another buyer: who may take it out of the inbox."""
    dice = chance.random()
    if dice < 0.3:
        return Incoming(replace(item.receipt, amount_fen=item.receipt.amount_fen + 1, lines=()), item.card_no)
    return Incoming(item.receipt, item.card_no if dice < 0.6 else chance.choice(town.cards))


SEEDS = range(6)
# Why receipts of a history were refused, by its seed: told once, for all tests on them.
REFUSALS: dict[int, set[str | None]] = {}
same_histories = pytest.mark.xdist_group("histories")


TOLD = [(seed, effects) for effects in Effects for seed in SEEDS if effects is not Effects.NONE or seed < 2]


@pytest.mark.parametrize(
    ("seed", "effects"),
    [pytest.param(*one, marks=same_histories) if one[1] is Effects.LEDGER else one for one in TOLD],
)
def test_a_history_in_batches_is_the_history_one_by_one(
    town: Town, clock: StillClock, seed: int, effects: Effects
) -> None:
    items = history(town, random.Random(seed), 90)
    if effects is Effects.THEN and seed % 2:  # a till's own order, in which members rise on their days
        items.sort(key=lambda item: item.receipt.occurred_at)
    expected = told(one_by_one(effects, clock.now), items)
    if effects is Effects.LEDGER:
        REFUSALS[seed] = {code for _, code in expected[0]}
    if effects is Effects.THEN:
        assert {row[1] for row in expected[1]["tier_standings"]} - {"silver"}
    kinds = {kind for kind, _ in expected[0]}
    assert kinds == {"new", "waiting", "known", "refused"}
    assert told(by_batches((90, 17, 1)[seed % 3], effects, clock.now), items) == expected


def test_the_careful_way_is_the_same(town: Town, clock: StillClock) -> None:
    items = history(town, random.Random(99), 60)
    expected = told(one_by_one(Effects.LEDGER, clock.now), items)
    assert told(by_batches(60, Effects.LEDGER, clock.now, plainly=False), items) == expected


@same_histories
def test_every_reason_to_refuse_was_seen(town: Town, clock: StillClock) -> None:
    """The histories above are worth comparing only while they contain everything."""
    for seed in set(SEEDS) - set(REFUSALS):  # this test runs without those above
        fates, _ = told(one_by_one(Effects.LEDGER, clock.now), history(town, random.Random(seed), 90))
        REFUSALS[seed] = {code for _, code in fates}
    assert set().union(*REFUSALS.values()) >= {
        "receipt_invalid",
        "receipt_conflict",
        "receipt_of_another",
        "store_not_found",
        "refunded_receipt_not_found",
        "refund_exceeds_purchase",
        "no_contract_terms",
    }


@pytest.mark.parametrize("size", [1, 90])
def test_payments_told_twice_and_refunds_ahead_in_batches_are_those_one_by_one(
    town: Town, clock: StillClock, size: int
) -> None:
    items = _told_twice(town, random.Random(7))
    expected = told(one_by_one(Effects.LEDGER, clock.now), items)
    assert {kind for kind, _ in expected[0]} == {"new", "waiting", "known"}
    assert expected[1]["waiting_receipts"] and any(row[-1] for row in expected[1]["receipt_numbers"])
    assert told(by_batches(size, Effects.LEDGER, clock.now), items) == expected


def _told_twice(town: Town, chance: random.Random) -> list[Incoming]:
    """Purchases that two sources tell of minutes apart, with and without their buyer, refunds standing anywhere."""
    items = []
    for number in range(12):
        store, card = chance.choice([town.stores[0], town.stores[2]]), town.cards[number % 3]
        at = at_noon(date(2026, 2, 20)) + timedelta(hours=number)
        bought = Receipt(
            source="old", receipt_no=f"R{number}", store_code=store.code, occurred_at=at, amount_fen=5_000 + number
        )
        back = replace(bought, receipt_no=f"F{number}", amount_fen=-1_000, refund_of=f"R{number}")
        again = replace(bought, source="other", occurred_at=at + timedelta(minutes=chance.randrange(9)))
        three = [Incoming(bought, card), Incoming(again, card if chance.random() < 0.5 else None), Incoming(back, None)]
        items += three if number % 4 else three[2:]
    chance.shuffle(items)
    return items


def test_a_second_run_finds_everything_there(town: Town, clock: StillClock) -> None:
    everything = [item for item in history(town, random.Random(1), 60) if item.receipt.refund_of is None]
    items = list({item.receipt.receipt_no: item for item in everything}.values())
    load = by_batches(25, Effects.LEDGER, clock.now)
    first = load(items)
    before = snapshot()
    again = load(items)
    assert [one.kind for one in again if one.error is None] == ["known"] * sum(one.error is None for one in first)
    assert snapshot() == before


def test_points_given_by_import_can_be_proved_and_are_taken_back_by_a_till(town: Town, clock: StillClock) -> None:
    store, card = town.stores[2], town.cards[2]
    bought = Receipt(
        source="old",
        receipt_no="A1",
        store_code=store.code,
        occurred_at=clock.now - timedelta(days=3),
        amount_fen=9_999,
    )
    assert [one.kind for one in receipts.load([Incoming(bought, card)], effects=Effects.LEDGER, now=clock.now)] == [
        "new"
    ]
    same = replace(bought, occurred_at=bought.occurred_at.astimezone(app_clock.MALL_ZONE))
    again = purchases.record_purchase(same, store, Buyer(card_no=card), now=clock.now)
    assert (again.is_new, again.points) == (False, 150)
    back = replace(bought, receipt_no="A2", amount_fen=-9_999, refund_of="A1")
    assert purchases.record_purchase(back, store, Buyer(), now=clock.now).points == -150


def test_a_refund_takes_no_growth_that_an_import_without_effects_never_gave(town: Town, clock: StillClock) -> None:
    store, card = town.stores[0], town.cards[2]
    at = clock.now - timedelta(days=3)
    earning = Receipt(source="pos", receipt_no="B1", store_code=store.code, occurred_at=at, amount_fen=5_000)
    purchases.record_purchase(earning, store, Buyer(card_no=card), now=clock.now)
    old = replace(earning, source="old", receipt_no="B2", occurred_at=at - timedelta(hours=1))
    receipts.load([Incoming(old, card)], effects=Effects.NONE, now=clock.now)
    before = snapshot()
    back = replace(old, receipt_no="B3", amount_fen=-5_000, refund_of="B2")
    purchases.record_purchase(back, store, Buyer(), now=clock.now)
    after = snapshot()
    for table in ("points_accounts", "growth_accounts", "growth_entries", "postings"):
        assert after[table] == before[table]
