"""What people do to several receipts of a list at once: asked about first, then done to each, with how each ended."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel.errors import NotFound
from app.purchases.waiting.errors import WaitsNoLonger
from app.purchases.wording import DISMISSALS
from app.web.forms import fields, forms, written
from app.web.forms.forms import FieldInvalid
from mall_console.kit import stores
from mall_console.kit.listing import batch
from mall_console.kit.workspace import Workspace

PERMISSION = "purchase.work"
MOST = 100


class ActForm(forms.Form):
    """What is done to all of them; an act reads the fields that it needs."""

    member = fields.WhereAsked(fields.Raw("会员", most=64, hint="手机号或会员卡号"))
    store = fields.WhereAsked(fields.Raw("门店", most=64))
    reason = fields.WhereAsked(fields.Raw("原因", most=20))
    note = fields.Maybe(fields.Text("补充说明", most=60, hint="会员能看到；不填则显示上面的原因"))
    confirmed = fields.Maybe(fields.Raw("确认", most=3))


@dataclass(frozen=True, slots=True)
class Row:
    """A receipt as the page shows it; without a number it is no longer known."""

    key: str
    receipt_no: str = ""
    told: str = ""
    amount_fen: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """An act on the rows of one list: what its page says and asks, and how a form becomes what is done to each.

    Receipts that are gone by now are not found. What was done waits in part for somebody else: `half_done` says so of
    those found.
    """

    title: str
    meaning: str
    done: str
    back: str
    find: Callable[[Workspace, Sequence[str]], list[Row]]
    act: Callable[[Workspace, ActForm], Callable[[str], object]]
    asks: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    half_done: str = ""
    find_half_done: Callable[[Workspace, Sequence[str]], set[str]] = lambda workspace, keys: set()


def several(workspace: Workspace, kinds: dict[str, Kind], act: str) -> ResponseReturnValue:
    """Ask about the ticked ones; once it was confirmed, do it to each and say how each ended."""
    kind = kinds.get(act)
    if kind is None:
        raise NotFound(act=act)
    form, keys = ActForm.read(), batch.ticked(most=MOST)
    rows, refused, half = kind.find(workspace, keys), None, set[str]()
    done, problem = _deed(workspace, kind, form) if form.confirmed else (None, "")
    if done is not None:
        rows, refused = _do(workspace, keys, {row.key: row for row in rows}, form, done)
        half = kind.find_half_done(workspace, [key for key, why in refused.items() if not why])
    return render_template(
        "console/receipts_batch.html",
        kind=kind,
        act=act,
        rows=rows,
        gone=len(keys) - len(rows),
        refused=refused,
        half=half,
        problem_said=problem,
        typed=form.typed(),
        form=ActForm,
        stores=stores.options(workspace),
    )


def _do(
    workspace: Workspace, keys: Sequence[str], there: Mapping[str, Row], form: ActForm, done: Callable[[str], object]
) -> tuple[list[Row], dict[str, str]]:
    """The rows as they were, and why each was refused; one that this very form was done to is answered so again."""

    def act(key: str) -> None:
        if key not in there:
            raise WaitsNoLonger
        done(key)

    known = {key: asdict(there[key]) if key in there else {} for key in keys}
    ended = batch.each_known(workspace, known, form.typed(), act)
    rows = [there.get(key) or Row(**{"key": key, **one.known}) for key, one in ended.items()]
    return rows, {key: one.refused for key, one in ended.items()}


def _deed(workspace: Workspace, kind: Kind, form: ActForm) -> tuple[Callable[[str], object] | None, str]:
    """What is to be done, or what is wrong with the form; its page is an answer, and asks again in place."""
    try:
        return kind.act(workspace, form), ""
    except FieldInvalid as wrong:
        return None, str(wrong.facts["problem"])


def ids(keys: Sequence[str]) -> list[int]:
    """The ticked rows' numbers; raises NotFound for what is none."""
    found = [number for key in keys if (number := written.find_row(key)) is not None]
    if len(found) < len(keys):
        raise NotFound(receipts=keys)
    return found


def get_reason(form: ActForm) -> str:
    """Why receipts are set aside; raises FieldInvalid."""
    if form.reason not in DISMISSALS:
        raise ActForm.reason.refuse("请选择一个原因")
    return form.reason
