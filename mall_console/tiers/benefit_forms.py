"""The form for what tiers give in a mall: coupons by the calendar, discounts, and what is done first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.benefits.tier_benefits import benefits as versions_of
from app.benefits.tier_benefits.rules import Allowance, Benefits, Priority, Rhythm, StoreDiscount, TierGives
from app.benefits.tier_benefits.wording import PRIORITIES, RHYTHMS
from app.web.forms import fields, forms
from app.web.forms.fields import Hundredths, Maybe
from mall_console.kit import versions

ALLOWANCES, DISCOUNTS = range(4), range(3)


@dataclass(frozen=True, slots=True)
class Known:
    """What benefits may name: tiers, campaigns and stores, by code."""

    tiers: Mapping[str, str]
    campaigns: Mapping[str, str]
    stores: Mapping[str, str]


class BaseForm(versions.NewVersion):
    """What every mall's form has, beside the fields of its tiers."""

    known: Known

    def check(self) -> None:
        """What hangs together is filled in together, and nothing twice."""
        wrong = [problem for tier in self.known.tiers for problem in self._wrong(tier)]
        if wrong:
            raise forms.refusal(wrong)

    def _wrong(self, tier: str) -> Iterator[forms.FieldInvalid]:
        seen = set()
        for number in ALLOWANCES:
            name = f"{tier}_allowance_{number}"
            campaign, rhythm = self.values[f"{name}_of"], self.values[f"{name}_when"]
            if campaign and (campaign, rhythm) in seen:
                yield self._field(f"{name}_of").refuse("同一活动同一频率只能设置一次，请改张数")
            seen.add((campaign, rhythm))
        for number in DISCOUNTS:
            store, price = (self.values[f"{tier}_discount_{number}_{part}"] for part in ("at", "price"))
            if (store is None) != (price is None):
                yield self._field(f"{tier}_discount_{number}_price").refuse("门店和折扣要一起填写")

    def _field(self, name: str) -> forms.Field[Any]:
        return next(one for one in self.fields if one.name == name)

    def benefits(self) -> Benefits:
        """What was typed."""
        return Benefits({tier: self._gives(tier) for tier in self.known.tiers})

    def _gives(self, tier: str) -> TierGives:
        return TierGives(
            allowances=tuple(self._allowances(tier)),
            discounts=tuple(self._discounts(tier)),
            priorities=tuple(one for one in Priority if one.value in self.values[f"{tier}_priorities"]),
            parking_minutes=self.values[f"{tier}_parking"] or 0,
        )

    def _allowances(self, tier: str) -> Iterator[Allowance]:
        for number in ALLOWANCES:
            name = f"{tier}_allowance_{number}"
            campaign, rhythm = self.values[f"{name}_of"], self.values[f"{name}_when"]
            if campaign:
                yield Allowance(campaign, Rhythm(rhythm), self.values[f"{name}_number"] or 1)

    def _discounts(self, tier: str) -> Iterator[StoreDiscount]:
        for number in DISCOUNTS:
            store, price = (self.values[f"{tier}_discount_{number}_{part}"] for part in ("at", "price"))
            if store:
                yield StoreDiscount(store, price * 10)


class RhythmChoice(fields.Choice):
    """How often; by month, where the page does not ask."""

    def read(self, text: str) -> str:
        """The rhythm; raises FieldInvalid."""
        return super().read(text or Rhythm.MONTH.value)


def _parking_field() -> fields.Whole:
    hint = "每次停车减免一次，费用由商场承担"
    return fields.Whole("每次停车免费", least=0, most=versions_of.MOST_PARKING_MINUTES, unit="分钟", hint=hint)


def form_for(known: Known) -> type[BaseForm]:
    """The form with the fields of one mall."""
    more: dict[str, Any] = {"known": known}
    for tier in known.tiers:
        more[f"{tier}_priorities"] = fields.Several("优先服务")
        more[f"{tier}_parking"] = Maybe(_parking_field())
        for number in ALLOWANCES:
            name = f"{tier}_allowance_{number}"
            more[f"{name}_of"] = Maybe(fields.Choice("优惠活动", known.campaigns))
            more[f"{name}_when"] = RhythmChoice("频率", RHYTHMS)
            more[f"{name}_number"] = Maybe(fields.Whole("张数", least=1, most=versions_of.MOST_NUMBER, unit="张"))
        for number in DISCOUNTS:
            more[f"{tier}_discount_{number}_at"] = Maybe(fields.Choice("门店", known.stores))
            price = Hundredths("会员价", least=100, most=990, unit="折")
            more[f"{tier}_discount_{number}_price"] = Maybe(price)
    return type("BenefitsForm", (BaseForm,), more)


def shown(benefits: Benefits) -> dict[str, Any]:
    """The form's fields as benefits say them, for its first showing."""
    told: dict[str, Any] = {}
    for tier, gives in benefits.by_tier.items():
        told[f"{tier}_priorities"] = [one.value for one in gives.priorities]
        told[f"{tier}_parking"] = gives.parking_minutes or ""
        for number, allowance in zip(ALLOWANCES, gives.allowances, strict=False):
            name = f"{tier}_allowance_{number}"
            told |= {f"{name}_of": allowance.campaign, f"{name}_when": allowance.rhythm.value}
            told[f"{name}_number"] = allowance.number
        for number, discount in zip(DISCOUNTS, gives.discounts, strict=False):
            told[f"{tier}_discount_{number}_at"] = discount.store
            told[f"{tier}_discount_{number}_price"] = f"{discount.price_bps / 1_000:g}"
    return told


PRIORITY_OPTIONS = PRIORITIES
