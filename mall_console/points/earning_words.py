"""Rules of earning in the words of a mall: its stores, categories, tiers and segments by their names."""

import re
from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.invitations import rule_sets as invitations
from app.invitations import wording as invitation_words
from app.kernel import clock
from app.lifecycle.segments import queries as segments
from app.lifecycle.segments.models import Segment
from app.malls import queries as malls
from app.malls.wording import CATEGORIES
from app.points.earning import rule_sets, wording
from app.points.earning.extras import SegmentExtra
from app.points.earning.rules import Rules
from app.settlement.contracts import contracts
from app.tiers.ladders import ladders
from mall_console.kit.workspace import Workspace

_BASE = "每消费 1 元得"
_DETAILS = re.compile("（.*?）")


class Sentence(NamedTuple):
    """A sentence of rules, and the place among their extras of the one that it tells of, if it does."""

    text: str
    extra: int | None = None


class Line(NamedTuple):
    """A sentence of rules beside others: what it says, and what it said before; None where it says nothing."""

    now: Sentence | None
    before: Sentence | None

    @property
    def is_reworded(self) -> bool:
        """Whether members read something else."""
        return self.now is None or self.before is None or self.now.text != self.before.text


def compare(old: Sequence[Sentence], new: Sequence[Sentence]) -> list[Line]:
    """Sentences about the same beside each other, in the order of the new ones; one that is gone where it was."""
    before, now = _by_subject(old), _by_subject(new)
    order, place = list(now), 0
    for subject in before:
        if subject not in now:
            order.insert(place, subject)
        place = order.index(subject) + 1
    return [Line(now.get(subject), before.get(subject)) for subject in order]


def _by_subject(said: Sequence[Sentence]) -> dict[tuple[str, int], Sentence]:
    """Each sentence by what it is about, and as the how manieth about that."""
    seen, found = Counter[str](), {}
    for one in said:
        subject = _BASE if one.text.startswith(_BASE) else _DETAILS.sub("", one.text.partition("：")[0])
        found[subject, seen[subject]] = one
        seen[subject] += 1
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """What rules may name: categories, stores, tiers, segments and brands, by code.

    `friend_when`: from when on an invited friend counts, as part of a sentence.
    """

    categories: Mapping[str, str]
    stores: Mapping[str, str]
    tiers: Mapping[str, str]
    segments: Mapping[str, str]
    friend_when: str
    brands: Mapping[str, str] = field(default_factory=dict)


def known_in(workspace: Workspace) -> Known:
    """What rules of the mall may name."""
    today, stores = clock.business_date(clock.now()), malls.list_stores(mall_id=workspace.mall.id)
    named = (one.document["category_rates_bps"] for one in rule_sets.list_versions(workspace.mall.id))
    used = {store.category_code for store in stores}.union(*named)
    nightly = segments.list_segments(
        segments.seen_in(workspace.mall.id), Segment.is_nightly.is_(True), Segment.archived_at.is_(None)
    )
    return Known(
        categories={code: name for code, name in CATEGORIES.items() if code in used},
        stores={store.code: store.name for store in stores},
        tiers=ladders.list_names(today),
        segments={segment.public_id: segment.title for segment in nightly},
        friend_when=invitation_words.when(invitations.in_force(workspace.mall.id, today)),
        brands=_brands(workspace.mall.id, {store.merchant_id for store in stores}),
    )


def _brands(mall_id: int, merchant_ids: Collection[int]) -> dict[str, str]:
    """Merchants of the mall who have a contract, by code: what rules let them pay can be settled."""
    today = clock.business_date(clock.now())
    settled = contracts.terms_on(today, mall_id=mall_id, merchant_ids=merchant_ids)
    found = [malls.get_merchant(merchant_id) for merchant_id in sorted(settled)]
    return {merchant.code: merchant.name for merchant in found}


def say(rules: Rules, known: Known) -> list[str]:
    """As members read them, and which segments are meant."""
    lines = wording.say(rules, stores=known.stores, categories=known.categories, friend_when=known.friend_when)
    meant = [extra.title for extra in rules.extras if isinstance(extra, SegmentExtra)]
    return [*lines, f"受邀会员指人群：{'、'.join(meant)}。"] if meant else lines


def sentences(rules: Rules, known: Known) -> list[Sentence]:
    """The same, each with the extra that it tells of."""
    told = (wording.extra_line(extra, known.stores, known.categories) for extra in rules.extras)
    places = deque((text, place) for place, text in enumerate(told) if text)
    said = []
    for text in say(rules, known):
        is_extra = bool(places) and places[0][0] == text
        said.append(Sentence(text, places.popleft()[1] if is_extra else None))
    return said
