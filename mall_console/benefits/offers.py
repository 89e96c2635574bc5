"""A campaign's terms as the form asks for them."""

from datetime import date

from app.benefits.campaigns import wording
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import CampaignKind
from app.kernel import clock
from mall_console.kit import forms

MOST_FACE_FEN = 10_000_000


def read() -> Offer:
    """The form's terms; raises FieldInvalid, naming the field."""
    kind = CampaignKind(forms.choice("kind", "券类型", wording.KINDS))
    days, until = _validity()
    return Offer(
        title=forms.text("title", "名称", most=40),
        summary=forms.text("summary", "一句话说明", most=60),
        kind=kind,
        face_fen=forms.hundredths("face", "面额或最高优惠", most=MOST_FACE_FEN),
        parking_minutes=_parking_minutes(kind),
        discount_bps=_discount_bps(kind),
        min_spend_fen=forms.hundredths("min_spend", "最低消费", most=MOST_FACE_FEN),
        valid_days=days,
        valid_until=until,
        per_member_limit=forms.whole("per_member_limit", "每人限领", least=1, most=99),
        mall_share_bps=forms.hundredths("mall_share", "商场承担", most=10_000),
        stock=forms.find_whole("stock", "总库存"),
    )


def _validity() -> tuple[int | None, date | None]:
    """Days from issue, or a last day that is not past."""
    if forms.choice("validity", "有效期", ("days", "until")) == "days":
        return forms.whole("valid_days", "有效天数", least=1, most=366), None
    until = forms.day("valid_until", "截止日期")
    if until < clock.business_date(clock.now()):
        raise forms.FieldInvalid(label="截止日期", problem="不能早于今天")
    return None, until


def _parking_minutes(kind: CampaignKind) -> int:
    return forms.whole("parking_minutes", "抵扣分钟", least=1, most=1_440) if kind is CampaignKind.PARKING else 0


def _discount_bps(kind: CampaignKind) -> int:
    """`8.5` of ten, as people say it, is 1500 bps off."""
    if kind is not CampaignKind.DISCOUNT:
        return 0
    tenths = forms.hundredths("discount", "折扣", least=10, most=990)
    return 10_000 - tenths * 10
