"""What messages cost: the prices in force, every version of them, and others from a day on. They are the group's."""

from dataclasses import asdict
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.outreach.prices import prices
from app.outreach.prices.models import MessagePrices
from app.outreach.prices.prices import Prices
from app.outreach.prices.wording import CHANNELS
from app.web.forms import fields
from mall_console.kit import versions
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.outreach import touch_rules

blueprint = Blueprint("message_prices", __name__, url_prefix="/messages/prices", template_folder="templates")

SETTING = Setting(
    kind="message_prices",
    publish_action="message.set_prices",
    withdraw_action="message.withdraw_prices",
    path="/messages/prices",
)
_MOST_FEN = 10_000_000


class PricesForm(versions.NewVersion):
    """Other prices of messages."""

    subscribe = fields.Hundredths(CHANNELS["subscribe"], most=_MOST_FEN, unit="元/千条")
    official = fields.Hundredths(CHANNELS["official"], most=_MOST_FEN, unit="元/千条")
    wecom = fields.Hundredths(CHANNELS["wecom"], most=_MOST_FEN, unit="元/千条")
    sms = fields.Hundredths(CHANNELS["sms"], most=_MOST_FEN, unit="元/千条")

    def prices(self) -> Prices:
        """The prices that were typed."""
        return Prices(**{f"{channel}_fen": self.values[channel] for channel in CHANNELS})


@blueprint.get("")
@mall_required("message.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The prices in force and their history, with the form for the next ones for who may set them."""
    today = clock.business_date(clock.now())
    return render_template(
        "console/message_prices.html",
        form=PricesForm,
        channels=CHANNELS,
        **versions.history(prices.list_versions(), now=today, default=prices.DEFAULT),
        in_force=prices.in_force(today),
        may_set=touch_rules.keeps_all(workspace),
    )


@blueprint.post("")
@mall_required("message.manage")
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Other prices from a coming day on; what was sent before is accounted for as it was."""
    touch_rules.ensure_keeps_all(workspace)
    form = PricesForm.read()

    def act(now: datetime) -> MessagePrices:
        return prices.publish(form.prices(), effective_from=form.effective_from, by=workspace.who.name, now=now)

    return SETTING.publish(workspace, form.typed(), act, facts=_facts, said="新的消息单价将自 {} 起生效")


@blueprint.post("/<int:version_id>/withdraw")
@mall_required("message.manage")
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back prices whose day has not come."""
    touch_rules.ensure_keeps_all(workspace)
    return SETTING.withdraw(workspace, version_id, prices.withdraw, facts=_facts, said="自 {} 起的消息单价已撤回")


def _facts(version: MessagePrices) -> dict[str, object]:
    return asdict(prices.to_prices(version))
