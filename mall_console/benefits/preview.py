"""The coupon as a member would see it, of a form that is still being filled in."""

from flask import request

from app.benefits.campaigns import wording
from app.benefits.campaigns.models import CampaignKind
from app.benefits.exchanges import wording as exchange_words
from app.kernel import money
from app.web import filters, terms
from app.web.forms.forms import FieldInvalid
from mall_console.benefits import terms as campaign_terms
from mall_console.benefits.offers import SOMEWHERE, OfferForm
from mall_console.kit import stores
from mall_console.kit.workspace import Workspace

# What stands for a value that is not there yet.
_FACES: dict[CampaignKind, str] = {
    CampaignKind.CASH: "¥",
    CampaignKind.DISCOUNT: "折扣",
    CampaignKind.GIFT: "礼品",
    CampaignKind.PARKING: "停车",
}


def read() -> OfferForm:
    """What can be read of the form by now; None for the rest."""
    form = OfferForm()
    for field in OfferForm.fields:
        try:
            form.values[field.name] = field.take(request.form, form)
        except FieldInvalid:
            form.values[field.name] = None
    return form


def words(workspace: Workspace, form: OfferForm) -> dict[str, str]:
    """What the preview shows, in the words that members and tills read."""
    kind = CampaignKind(form.kind or CampaignKind.CASH)
    threshold, *most = terms.amounts(kind, face_fen=form.face or 0, min_spend_fen=form.min_spend or 0)
    if form.min_spend is None:
        threshold = "请填写最低消费"
    return {
        "face": _face(kind, form),
        "kind": wording.KINDS[kind.value],
        "title": form.title or "券的名称",
        "summary": form.summary or "一句话说明",
        "condition": "，".join([threshold, *(most if form.face else [])]),
        "validity": _validity(form),
        "stores": _stores(workspace, form),
        "limit": f"{form.per_member_limit or 1} 张",
        "tiers": campaign_terms.tiers(form.tier),
        "price": _price(form),
        "issue": terms.issue_days(form.issue_from, form.issue_until),
        "cost": _cost(form),
    }


def _price(form: OfferForm) -> str:
    if not form.exchange_points:
        return "不能用积分兑换"
    return exchange_words.price(form.exchange_points, form.exchange_cash or 0)


def _face(kind: CampaignKind, form: OfferForm) -> str:
    needed = {CampaignKind.DISCOUNT: form.discount, CampaignKind.PARKING: form.parking_minutes}.get(kind, form.face)
    if not needed:
        return _FACES[kind]
    discount_bps = money.BPS - (form.discount or 0) * 10
    minutes = form.parking_minutes or 0
    return terms.face(kind, face_fen=form.face or 0, parking_minutes=minutes, discount_bps=discount_bps)


def _validity(form: OfferForm) -> str:
    if form.valid_days is None and form.valid_until is None:
        return "请填写有效期"
    return terms.lasting(form.valid_days, form.valid_until)


def _stores(workspace: Workspace, form: OfferForm) -> str:
    if form.where != SOMEWHERE:
        return terms.where(None)
    names = dict(stores.options(workspace))
    chosen = [names[code] for code in form.store or () if code in names]
    return terms.where(chosen) if chosen else "请选择门店"


def _cost(form: OfferForm) -> str:
    if not form.face or form.mall_share is None:
        return ""
    mall_fen = money.share_of(form.face, form.mall_share)
    both = (filters.short_yuan(form.face), filters.short_yuan(mall_fen), filters.short_yuan(form.face - mall_fen))
    return "每核销一张最多让利 {}：商场承担 {}，商户自担 {}（仅列示，不结算）".format(*both)
