"""What may be expected of a member, why they stay away, and the form to correct that."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.audit import Actor
from app.kernel import clock
from app.lifecycle.causes import causes
from app.lifecycle.causes import queries as cause_queries
from app.lifecycle.causes.models import SleepCauseCorrection
from app.lifecycle.causes.rules import Cause
from app.lifecycle.causes.wording import SLEEP_CAUSES, tell_sign
from app.lifecycle.predictions import queries, rules
from app.lifecycle.predictions.calibrating import Compared
from app.lifecycle.predictions.models import MemberPrediction
from app.lifecycle.predictions.wording import PREDICTION_REASONS
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.members import seen

blueprint = Blueprint("member_outlook", __name__, url_prefix="/members")

PERMISSION = "member.care"


class CauseForm(forms.Form):
    """Why the member stays away, as a person knows it."""

    cause = fields.Choice("实际原因", SLEEP_CAUSES)
    note = fields.Text("依据", most=300, hint="会员导出个人数据时会看到，请客观记录")


@dataclass(frozen=True, slots=True)
class Expected:
    """A prediction with its reason in words, and what became of members of its band in the last back-test.

    `alike`: None where no back-test was kept, or none of its members were expected to buy as probably.
    """

    row: MemberPrediction
    reason: str
    alike: Compared | None


@dataclass(frozen=True, slots=True)
class Asleep:
    """Why a member stays away, in words: the cause that counts, the signs that were found, what people said of it."""

    cause: str
    judged: str
    confidence_bps: int
    signs: Sequence[str]
    corrections: Sequence[tuple[str, SleepCauseCorrection]]


def read_expected(member_id: int) -> Expected | None:
    """What may be expected of the member; None where nothing is."""
    row, fit = queries.find_prediction(member_id), queries.find_fit()
    if row is None or fit is None:
        return None
    facts = {
        "gap": rules.usual_gap(row.purchase_days - 1, (row.last_on - row.first_on).days),
        "silence": (clock.business_date(clock.now()) - row.last_on).days,
    }
    test = queries.find_backtest()
    alike = test.find_band(row.return_bps) if test else None
    return Expected(row, PREDICTION_REASONS[row.why].format(**facts), alike)


def read_asleep(member_id: int) -> Asleep | None:
    """Why the member stays away; None for who does not."""
    found = cause_queries.find_cause(member_id)
    if found is None:
        return None
    return Asleep(
        SLEEP_CAUSES[found.cause],
        SLEEP_CAUSES[found.judged.cause],
        found.judged.confidence_bps,
        [tell_sign(sign) for sign in found.judged.evidence],
        [(SLEEP_CAUSES[one.cause], one) for one in found.corrections],
    )


@blueprint.post("/<public_id>/sleep-cause")
@mall_required(PERMISSION)
def correct(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Keep the cause that a person knows; it counts until the member comes back."""
    member_id = seen.get(workspace, public_id).id
    form, who = CauseForm.read(), workspace.who

    def act() -> str:
        now = clock.now()
        causes.correct(member_id, Cause(form.cause), Actor("staff", who.staff_id, who.name), note=form.note, now=now)
        workspace.record("lifecycle.correct_cause", f"member:{member_id}", now=now, facts={"cause": form.cause})
        pages.say("沉睡原因已更正")
        return f"{workspace.base}/members/{public_id}"

    return pages.submit(who, {"member": public_id, **form.typed()}, act)
