"""What stands behind the rows of a member's timeline: the store, the sum, the coupon, the points."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.benefits.coupons import campaign_queries as coupons
from app.benefits.coupons import redemption_queries
from app.benefits.exchanges import queries as exchanges
from app.entrances import queries as entrances
from app.kernel.facts import Fact, kind_of
from app.malls import queries as malls
from app.parking.payment import queries as payments
from app.points.ledger import entry_queries
from app.purchases import day_only, receipt_queries
from app.tasks import newbie
from app.timeline.models import EventKind, TimelineEvent
from app.timeline.wording import EVENTS
from app.web import filters

_BOUGHT = (EventKind.PURCHASED, EventKind.REFUNDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A row of the timeline: what kind of thing it was, told as a sentence, and what it was about, the store, what was
    paid or spared, and points (signed). `is_day_only`: nobody told at what hour it was.
    """

    at: datetime
    what: str
    story: str
    receipt: str = ""
    is_day_only: bool = False
    about: str = ""
    store: str = ""
    sum_text: str = ""
    points: int = 0


def describe(member_ids: Sequence[int], events: Sequence[TimelineEvent]) -> list[Happening]:
    """The events in their order, each with what is behind it; one statement per kind of thing, none per row."""
    about: dict[str, tuple[str, str]] = {}
    for kinds, read in _READERS:
        facts = [event.fact for event in events if event.kind in kinds]
        about |= read(member_ids, facts) if facts else {}
    stores = malls.store_names_of({event.store_id for event in events if event.store_id is not None})
    points = entry_queries.sum_by_fact(member_ids, [event.fact for event in events])
    return [
        _happening(
            event,
            *about.get(event.fact, ("", "")),
            store=stores.get(event.store_id, "") if event.store_id is not None else "",
            points=points.get(event.fact, 0),
        )
        for event in events
    ]


def _happening(event: TimelineEvent, about: str, sum_text: str, *, store: str, points: int) -> Happening:
    return Happening(
        at=event.occurred_at,
        what=EVENTS[event.kind],
        story=_tell(event, about, sum_text, store),
        receipt=about if event.kind in _BOUGHT else "",
        is_day_only=_is_day_only(event),
        about=about,
        store=store,
        sum_text=sum_text,
        points=points,
    )


# What happened, with the store, the thing and the sum as far as they are known; all else is told by its name.
_SENTENCES: Mapping[str, str] = {
    EventKind.PURCHASED: "{where}消费 {sum}",
    EventKind.REFUNDED: "{where}退款 {sum}",
    EventKind.COUPON_CLAIMED: "领取优惠券{thing}",
    EventKind.COUPON_GIVEN: "获赠优惠券{thing}",
    EventKind.COUPON_REDEEMED: "{where}用券{thing}{and_sum}",
    EventKind.REDEMPTION_REVERSED: "{where}用的券{thing}被撤销核销",
    EventKind.PARKING_PAID: "停车缴费{and_sum}",
    EventKind.SCANNED: "扫码进入{thing}",
    EventKind.TASK_DONE: "完成新人任务{thing}",
}


# What says more of itself than its kind does: visits and coupons that cost points.
_SENTENCES_BY_FACT: Mapping[str, str] = {
    "till": "{where}用积分抵扣",
    "exchange": "积分兑换{thing}",
}


def _tell(event: TimelineEvent, about: str, sum_text: str, store: str) -> str:
    """What happened, as a sentence."""
    usual = _SENTENCES.get(event.kind, "{where}" + EVENTS[event.kind] + "{thing}")
    sentence = _SENTENCES_BY_FACT.get(kind_of(event.fact), usual)
    return sentence.format(
        where=f"在{store}" if store else "",
        thing=f"「{about}」" if about else "",
        sum=sum_text.lstrip("-−"),
        and_sum=f"，{sum_text}" if sum_text else "",
    ).strip()


Read = Callable[[Sequence[int], Sequence[str]], Mapping[str, tuple[str, str]]]


def _receipts(member_ids: Sequence[int], facts: Sequence[str]) -> dict[str, tuple[str, str]]:
    keys = {_receipt(fact): fact for fact in facts}
    found = receipt_queries.list_by_numbers(member_ids, list(keys))
    return {keys[one.source, one.receipt_no]: (f"小票 {one.receipt_no}", filters.yuan(one.amount_fen)) for one in found}


def _receipt(fact: str) -> tuple[str, str]:
    source, receipt_no = Fact.parse(fact, parts=2).parts
    return source, receipt_no


def _is_day_only(event: TimelineEvent) -> bool:
    is_bought = event.kind == EventKind.PURCHASED
    return is_bought and day_only.is_day_only(_receipt(event.fact)[0], event.occurred_at)


def _redemptions(member_ids: Sequence[int], facts: Sequence[str]) -> dict[str, tuple[str, str]]:
    ids = _by_last_part(facts)
    rows = redemption_queries.list_by_public_ids(member_ids, list(ids))
    return {
        fact: (title, f"优惠 {filters.yuan(one.discount_fen)}") for one, title in rows for fact in ids[one.public_id]
    }


def _coupons(member_ids: Sequence[int], facts: Sequence[str]) -> dict[str, tuple[str, str]]:
    ids = _by_last_part([fact for fact in facts if kind_of(fact) == "coupon"])
    titles = coupons.titles_of_coupons(member_ids, [int(one) for one in ids])
    found = {fact: (title, "") for coupon_id, title in titles.items() for fact in ids[str(coupon_id)]}
    return found | _exchanges(member_ids, [fact for fact in facts if kind_of(fact) == "exchange"])


def _exchanges(member_ids: Sequence[int], facts: Sequence[str]) -> dict[str, tuple[str, str]]:
    ids = _by_last_part(facts)
    titles = exchanges.titles_of(member_ids, list(ids)) if ids else {}
    return {fact: (title, "") for public_id, title in titles.items() for fact in ids[public_id]}


def _parking(member_ids: Sequence[int], facts: Sequence[str]) -> dict[str, tuple[str, str]]:
    ids = _by_last_part(facts)
    found = payments.list_by_public_ids(member_ids, list(ids))
    return {
        fact: (f"停车费 {filters.yuan(one.due_fen)}", f"实付 {filters.yuan(one.cash_fen)}")
        for one in found
        for fact in ids[one.public_id]
    }


def _tasks(member_ids: Sequence[int], facts: Sequence[str]) -> dict[str, tuple[str, str]]:
    titles = {task.code: task.title for task in newbie.list_tasks()}
    codes = _by_last_part(facts)
    return {fact: (titles.get(code, ""), "") for code, named in codes.items() for fact in named}


def _scans(member_ids: Sequence[int], facts: Sequence[str]) -> dict[str, tuple[str, str]]:
    named = {fact: int(Fact.parse(fact, parts=2).parts[0]) for fact in facts}
    names = entrances.names_of(set(named.values()))
    return {fact: (names.get(entrance_id, ""), "") for fact, entrance_id in named.items()}


def _by_last_part(facts: Sequence[str]) -> Mapping[str, list[str]]:
    """Facts by what their act is known by; a redemption and its undoing share it."""
    found: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        found[fact.partition(":")[2]].append(fact)
    return found


_READERS: tuple[tuple[set[Any], Read], ...] = (
    ({EventKind.PURCHASED, EventKind.REFUNDED}, _receipts),
    ({EventKind.COUPON_REDEEMED, EventKind.REDEMPTION_REVERSED}, _redemptions),
    ({EventKind.COUPON_CLAIMED, EventKind.COUPON_GIVEN}, _coupons),
    ({EventKind.PARKING_PAID}, _parking),
    ({EventKind.TASK_DONE}, _tasks),
    ({EventKind.SCANNED}, _scans),
)
