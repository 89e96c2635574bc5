"""What is to follow from an import, as its form asks for it."""

from typing import Any

from app.imports.models import Import, Kind
from app.kernel import clock
from app.web.forms import fields, forms
from mall_console.imports.wording import EFFECTS
from mall_console.kit.workspace import Workspace

# What a kind of file changes needs this permission, too; effects need what money needs.
NEEDED = {
    Kind.STORES: "store.manage",
    Kind.MEMBERS: "member.contact",
    Kind.PURCHASES: "import.run",
    Kind.FOOTFALL: "entrance.manage",
    Kind.TOTALS: "import.run",
}
WITH_EFFECTS = {
    Kind.STORES: "contract.manage",
    Kind.MEMBERS: "import.run",
    Kind.PURCHASES: "contract.manage",
    Kind.FOOTFALL: "entrance.manage",
    Kind.TOTALS: "import.run",
}


class MemberOptions(forms.Form):
    """What follows from members."""

    effects = fields.Choice("导入后", EFFECTS["members"])


class PurchaseOptions(forms.Form):
    """What follows from receipts."""

    effects = fields.Choice("导入后", EFFECTS["purchases"])


class FootfallOptions(forms.Form):
    """What follows from counts."""

    effects = fields.Choice("导入后", EFFECTS["footfall"])


class TotalsOptions(forms.Form):
    """What follows from day totals."""

    effects = fields.Choice("导入后", EFFECTS["totals"])


class StoreOptions(forms.Form):
    """The terms of merchants that have none."""

    effects = fields.Choice("导入后", EFFECTS["stores"])
    effective_from = fields.If(effects, "ledger", fields.Day("合同生效日期"))
    commission = fields.If(effects, "ledger", fields.Hundredths("会员消费佣金", most=10_000, unit="%"))
    issue_price = fields.If(effects, "ledger", fields.Hundredths("积分发放单价", most=1_000_000, unit="元/百积分"))
    redeem_price = fields.If(effects, "ledger", fields.Hundredths("积分抵扣单价", most=1_000_000, unit="元/百积分"))


FORMS: dict[Kind, type[forms.Form]] = {
    Kind.STORES: StoreOptions,
    Kind.MEMBERS: MemberOptions,
    Kind.PURCHASES: PurchaseOptions,
    Kind.FOOTFALL: FootfallOptions,
    Kind.TOTALS: TotalsOptions,
}


def read(workspace: Workspace, found: Import) -> dict[str, Any]:
    """What the form says; raises FieldInvalid, and Forbidden for effects that the person may not cause."""
    kind = Kind(found.kind)
    form = FORMS[kind].read()
    effects = form.values["effects"]
    if effects == "ledger":
        workspace.ensure(WITH_EFFECTS[kind])
    return {"effects": effects} | ({"terms": _terms(form)} if kind is Kind.STORES else {})


def _terms(form: forms.Form) -> dict[str, Any]:
    day = form.values["effective_from"] or clock.first_of_month(clock.business_date(clock.now()))
    return {
        "effective_from": day.isoformat(),
        "commission_bps": form.values["commission"] or 0,
        "issue_price_fen": form.values["issue_price"] or 0,
        "redeem_price_fen": form.values["redeem_price"] or 0,
    }


def choices(workspace: Workspace, kind: Kind) -> list[tuple[str, str]]:
    """What the person may choose to follow."""
    can = workspace.can(WITH_EFFECTS[kind])
    return [(value, text) for value, text in EFFECTS[kind.value].items() if value == "none" or can]


def shown(kind: Kind, said: dict[str, Any]) -> dict[str, str]:
    """The form's fields as they were said, for the page."""
    terms = said.get("terms", {})
    first = clock.first_of_month(clock.business_date(clock.now()))
    hundredths = {
        "commission": terms.get("commission_bps", 500),
        "issue_price": terms.get("issue_price_fen", 100),
        "redeem_price": terms.get("redeem_price_fen", 100),
    }
    return {
        "effects": said.get("effects", "none"),
        "effective_from": terms.get("effective_from", first.isoformat()),
        **{name: f"{value / 100:g}" for name, value in hundredths.items()},
    }
