"""What is asked once more before a campaign's terms are saved: what changes, and what reads like a slip of the pen."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from app.benefits.campaigns import campaigns
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.kernel.errors import DomainError
from app.malls import queries as malls
from app.web import filters
from app.web.pages import pages
from mall_console.benefits import terms
from mall_console.benefits.offers import OfferForm

MOMENT = "%Y-%m-%d %H:%M"
_WORTH_ITS_SPEND = {
    CampaignKind.CASH: "面额 {face}不低于最低消费 {spend}：顾客消费刚满门槛时，这张券就抵掉了全部金额。",
    CampaignKind.GIFT: "礼品价值 {face}不低于最低消费 {spend}：顾客消费刚满门槛，就能领走不比它便宜的礼品。",
}

Change = tuple[str, str, str]
F = TypeVar("F", bound=OfferForm)


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be confirmed: changes as label, old and new value, warnings, and the answer that says yes to these."""

    changes: Sequence[Change]
    warnings: Sequence[str]
    answer: str


def find(form: OfferForm, changes: Sequence[Change]) -> Question | None:
    """What has to be asked about the terms that were typed; None when nothing has."""
    warnings = _warnings(form.offer())
    return Question(changes, warnings, _answer(form)) if changes or warnings else None


def is_open(form: OfferForm, changes: Sequence[Change]) -> bool:
    """Whether there is something to ask that nobody has said yes to: what was typed since then is asked about anew."""
    question = find(form, changes)
    return question is not None and form.agreed != question.answer


def find_typed(form: type[F]) -> F | None:
    """The terms that were typed before the question, as they came back with the page; None when there are none."""
    sent = pages.kept()
    try:
        return form.read(MultiDict(sent)) if sent else None
    except DomainError:
        return None


def changes_of(campaign: Campaign, form: OfferForm, store_ids: Sequence[int] | None) -> list[Change]:
    """What the form would change in the campaign, nothing when it says what is said already."""
    before = campaigns.stores_of(campaign)
    names = malls.store_names_of({*(before or ()), *(store_ids or ())})
    old = dict(terms.rows(campaign.kind, campaign, _names(before, names)))
    new = dict(terms.rows(campaign.kind, form.offer(), _names(campaigns.in_order(store_ids), names)))
    return [(label, old[label], value) for label, value in new.items() if old[label] != value]


def _names(store_ids: Sequence[int] | None, names: Mapping[int, str]) -> list[str] | None:
    return None if store_ids is None else [names.get(store_id, "—") for store_id in store_ids]


def _warnings(offer: Offer) -> list[str]:
    said = _WORTH_ITS_SPEND.get(offer.kind)
    if said is None or not 0 < offer.min_spend_fen <= offer.face_fen:
        return []
    return [said.format(face=filters.yuan_words(offer.face_fen), spend=filters.yuan_words(offer.min_spend_fen))]


def _answer(form: OfferForm) -> str:
    typed: dict[str, Any] = {name: value for name, value in form.typed().items() if name != OfferForm.agreed.name}
    return hashlib.sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest()[:16]
