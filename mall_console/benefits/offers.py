"""A campaign's terms as the form asks for them."""

from app.benefits.campaigns import wording
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import CampaignKind
from app.web import terms
from app.web.forms import fields, forms

MOST_FACE_FEN = 10_000_000


class OfferForm(forms.Form):
    """A new campaign's terms."""

    kind = fields.Choice("券类型", wording.KINDS)
    code = fields.Text("活动编号", most=30, hint="内部用，同一商场内不重复", placeholder="join-dining")
    title = fields.Text("名称", most=40, hint="会员看到的名字", placeholder="餐饮立减 10 元")
    summary = fields.Text(
        "一句话说明", most=60, hint="门槛、门店和有效期会自动显示，不用写在这里", placeholder="咖啡正餐，到店先减再付"
    )
    face = fields.Hundredths(
        "面额或最高优惠",
        most=MOST_FACE_FEN,
        unit="元",
        hint="代金券填减多少；折扣券填最多减多少；礼品券、停车券填价值",
    )
    min_spend = fields.Hundredths("最低消费", most=MOST_FACE_FEN, unit="元", hint="0 表示没有门槛")
    discount = fields.If(
        kind,
        CampaignKind.DISCOUNT.value,
        fields.Hundredths("折扣", least=10, most=990, unit="折", hint="只有折扣券需要，例如 8.5"),
    )
    parking_minutes = fields.If(
        kind,
        CampaignKind.PARKING.value,
        fields.Whole("抵扣时长", least=1, most=1_440, unit="分钟", hint="只有停车券需要，例如 120"),
    )
    validity = fields.Choice("有效期", {"days": "领取后若干天", "until": "到某一天为止"})
    valid_days = fields.If(validity, "days", fields.Whole("有效天数", least=1, most=366, unit="天", hint="含领取当天"))
    valid_until = fields.If(
        validity, "until", fields.Day("截止日期", earliest=fields.TODAY, hint="选「到某一天为止」时填")
    )
    per_member_limit = fields.Whole("每人限领", least=1, most=99, unit="张")
    stock = fields.Maybe(fields.Whole("总库存", unit="张", hint="留空表示不限"))
    where = fields.Choice("适用门店", {"all": "全部门店", "some": "只在选中的门店"})
    store = fields.Several("适用门店")
    mall_share = fields.Hundredths("商场承担", most=10_000, unit="%", hint="其余由核销门店的商户承担", placeholder="60")

    def check(self) -> None:
        """A title or summary must not promise what the terms refuse."""
        for field in (OfferForm.title, OfferForm.summary):
            promise = terms.contradiction(
                self.values[field.name], min_spend_fen=self.min_spend, all_stores=self.where == "all"
            )
            if promise is not None:
                raise field.refuse(f"写了「{promise}」，但这张券有消费门槛或只限部分门店，请改成与条件一致的说法")

    def offer(self) -> Offer:
        """The terms that were typed."""
        return Offer(
            title=self.title,
            summary=self.summary,
            kind=CampaignKind(self.kind),
            face_fen=self.face,
            parking_minutes=self.parking_minutes or 0,
            discount_bps=_discount_bps(self.discount),
            min_spend_fen=self.min_spend,
            valid_days=self.valid_days,
            valid_until=self.valid_until,
            per_member_limit=self.per_member_limit,
            mall_share_bps=self.mall_share,
            stock=self.stock,
        )


def _discount_bps(hundredths: int | None) -> int:
    """`8.5` of ten, as people say it, is 1500 bps off."""
    return 10_000 - hundredths * 10 if hundredths else 0
