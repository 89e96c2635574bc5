"""A campaign's terms as the form asks for them, and as it shows those of one that exists."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from werkzeug.datastructures import MultiDict

from app.benefits.campaigns import wording
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.kernel import clock, money
from app.tiers.ladders import ladders
from app.web import terms
from app.web.forms import fields, forms, written

MOST_FACE_FEN = 10_000_000
STOCK_MOST = 10_000_000
MOST_EXCHANGE_POINTS = 10_000_000


EVERYWHERE, SOMEWHERE = "all", "some"


class Places(fields.Several):
    """The stores of an offer that holds in some of them alone."""

    def take(self, sent: MultiDict[str, str], form: forms.Form) -> list[str]:
        """Their codes; raises FieldInvalid when none was ticked and some are meant."""
        chosen = super().take(sent, form)
        if not chosen and form.values.get("where") == SOMEWHERE:
            raise self.refuse("请至少选择一家门店")
        return chosen


class Tiers(fields.Several):
    """The tiers that an offer is for; none is all of them."""

    def take(self, sent: MultiDict[str, str], form: forms.Form) -> list[str]:
        """Their codes, the lowest first; raises FieldInvalid for one that the ladder does not have."""
        chosen, known = set(super().take(sent, form)), tier_names()
        if not chosen <= known.keys():
            raise self.refuse("有的等级已不在等级体系中，请刷新后重新勾选")
        return [] if chosen == known.keys() else [code for code in known if code in chosen]


def tier_names() -> dict[str, str]:
    """The tiers that can be ticked, by code."""
    return {rung.code: rung.name for one in ladders.list_dated()[:1] for rung in one.ladder.rungs}


class OfferForm(forms.Form):
    """A campaign's terms."""

    kind = fields.Choice("券类型", wording.KINDS)
    title = fields.Text("名称", most=40, hint="会员端显示的名称", placeholder="餐饮立减 10 元")
    summary = fields.Text(
        "一句话说明", most=60, hint="门槛、门店和有效期会自动显示，不用写在这里", placeholder="咖啡正餐，到店先减再付"
    )
    face = fields.Hundredths("面额", most=MOST_FACE_FEN, unit="元")
    min_spend = fields.Hundredths("最低消费", most=MOST_FACE_FEN, unit="元", hint="0 表示无门槛")
    discount = fields.If(
        kind, CampaignKind.DISCOUNT.value, fields.Hundredths("折扣", least=10, most=990, unit="折", hint="例如 8.5")
    )
    parking_minutes = fields.If(
        kind, CampaignKind.PARKING.value, fields.Whole("抵扣时长", least=1, most=1_440, unit="分钟", hint="例如 120")
    )
    validity = fields.Choice("有效期", {"days": "领取后若干天", "until": "到指定日期"})
    valid_days = fields.If(validity, "days", fields.Whole("有效天数", least=1, most=366, unit="天", hint="含领取当天"))
    valid_until = fields.If(validity, "until", fields.Day("截止日期", earliest=fields.TODAY, hint="当天仍可使用"))
    issue_from = fields.Maybe(fields.Day("开始发放", hint="留空表示马上开始"))
    issue_until = fields.Maybe(fields.Day("结束发放", earliest=fields.TODAY, hint="当天仍发放，留空表示长期"))
    per_member_limit = fields.Whole("每人限领", least=1, most=99, unit="张")
    stock = fields.Maybe(fields.Whole("总库存", most=STOCK_MOST, unit="张", hint="留空表示不限"))
    exchange_points = fields.Maybe(
        fields.Whole("积分兑换价", least=1, most=MOST_EXCHANGE_POINTS, unit="积分", hint="留空表示不能用积分兑换")
    )
    exchange_cash = fields.Maybe(
        fields.Hundredths("另加现金", most=MOST_FACE_FEN, unit="元", hint="微信支付，归商场；留空表示只用积分")
    )
    tier = Tiers("适用等级")
    where = fields.Choice("适用门店", {EVERYWHERE: "全部门店", SOMEWHERE: "仅限所选门店"})
    store = Places("适用门店")
    mall_share = fields.Hundredths(
        "商场承担", most=10_000, unit="%", hint="其余由核销门店的商户自担，仅列示，不结算", placeholder="60"
    )
    agreed = fields.Maybe(fields.Raw("确认", most=16))

    def check(self) -> None:
        """Coupons are given for a day at least, and words promise nothing that the terms refuse."""
        if self.issue_until and self.issue_from and self.issue_until < self.issue_from:
            raise OfferForm.issue_until.refuse("不能早于开始发放的那一天")
        if self.valid_until and self.issue_from and self.valid_until < self.issue_from:
            raise OfferForm.issue_from.refuse("不能晚于券的截止日期")
        if self.exchange_cash and not self.exchange_points:
            raise OfferForm.exchange_points.refuse("加现金兑换时，请同时填写积分")
        if self.exchange_cash and self.mall_share != money.BPS:
            raise OfferForm.exchange_cash.refuse("现金归商场所有，加现金兑换的券须由商场承担 100%")
        for field in (OfferForm.title, OfferForm.summary):
            promise = terms.contradiction(
                self.values[field.name], min_spend_fen=self.min_spend, all_stores=self.where == EVERYWHERE
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
            issue_from=self.issue_from,
            issue_until=self.issue_until,
            exchange_points=self.exchange_points,
            exchange_fen=self.exchange_cash or 0,
            tier_codes=self.tier or None,
            per_member_limit=self.per_member_limit,
            mall_share_bps=self.mall_share,
            stock=self.stock,
        )


NOW, LATER = "now", "later"


class When(fields.Choice):
    """At once or later; who says nothing means at once."""

    def read(self, text: str) -> str:
        """The answer; raises FieldInvalid."""
        return super().read(text or NOW)


class RevisionForm(OfferForm):
    """The terms of a campaign that exists, which version of them was on the page, and from when on they hold."""

    seen = fields.Whole("版本", least=1)
    when = When("何时生效", {NOW: "保存后立即生效", LATER: "到指定时间生效"})
    effective_day = fields.If(when, LATER, fields.Day("生效日期", earliest=fields.TODAY))
    effective_time = fields.If(when, LATER, fields.MinuteOfDay("生效时间", hint="到点自动生效，在此之前可以撤回"))

    def check(self) -> None:
        """What holds from a moment on begins later than now."""
        super().check()
        if self.effective_from is not None and self.effective_from <= clock.now():
            raise RevisionForm.effective_time.refuse("要晚于现在")

    @property
    def effective_from(self) -> datetime | None:
        """The moment from which the terms hold; None = at once."""
        if self.effective_day is None or self.effective_time is None:
            return None
        return clock.start_of_day(self.effective_day) + timedelta(minutes=self.effective_time)


class StockForm(forms.Form):
    """How many coupons there are more of a campaign."""

    added = fields.Whole("追加张数", least=1, most=STOCK_MOST, unit="张")


NEW = {"min_spend": "0", "valid_days": "7", "per_member_limit": "1", "where": "all", "validity": "days"}


def typed(campaign: Campaign, store_codes: Sequence[str]) -> dict[str, str | list[str]]:
    """What somebody would have typed to make this campaign, by field; its stock and days of issue left out."""
    words: dict[str, str | list[str]] = {
        "kind": campaign.kind,
        "title": campaign.title,
        "summary": campaign.summary,
        "face": written.decimal_text(campaign.face_fen),
        "min_spend": written.decimal_text(campaign.min_spend_fen),
        "validity": "days" if campaign.valid_days else "until",
        "per_member_limit": str(campaign.per_member_limit),
        "where": EVERYWHERE if campaign.all_stores else SOMEWHERE,
        "store": list(store_codes),
        "tier": list(campaign.tier_codes or ()),
        "mall_share": written.decimal_text(campaign.mall_share_bps),
    }
    where_needed = {
        "discount": campaign.discount_bps and written.decimal_text((money.BPS - campaign.discount_bps) // 10),
        "parking_minutes": campaign.parking_minutes and str(campaign.parking_minutes),
        "exchange_points": campaign.exchange_points and str(campaign.exchange_points),
        "exchange_cash": campaign.exchange_fen and written.decimal_text(campaign.exchange_fen),
        "valid_days": campaign.valid_days and str(campaign.valid_days),
        "valid_until": campaign.valid_until and campaign.valid_until.isoformat(),
    }
    return words | {name: value for name, value in where_needed.items() if value}


def typed_days(campaign: Campaign) -> dict[str, str]:
    """The days of issue as somebody would have typed them."""
    days = {"issue_from": campaign.issue_from, "issue_until": campaign.issue_until}
    return {name: day.isoformat() for name, day in days.items() if day}


def _discount_bps(hundredths: int | None) -> int:
    """`8.5` of ten, as people say it, is 1500 bps off."""
    return 10_000 - hundredths * 10 if hundredths else 0
