"""Asking what takes long to find out (`app.kernel.runs.inquiries`): answered at once, or while one looks on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.runs.inquiries import Asker, Inquiry, Row
from app.web.pages import pages
from app.workers.inquiries import answering
from app.workers.inquiries.answering import Steps
from mall_console.kit.workspace import Workspace

# The request that asks finds out what it can in this time; the rest is the job's.
PATIENCE_S = 4.0


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """An inquiry in a list: what was found, in a word, and whether a version was published after it; None where it is
    not asked to publish any. `about` is what was asked, where that differs."""

    asked: Row
    is_published: bool | None
    result: str
    about: str = ""


def listed(found: Sequence[Row], published: Collection[int], result: Callable[[Row], str]) -> list[Listed[Row]]:
    """Inquiries for `recent_card`; `result` says what was found by one that is done."""
    return [Listed(one, one.id in published, result(one) if one.done_at else "") for one in found]


def ask(
    workspace: Workspace,
    typed: Mapping[str, Any],
    asking: Callable[[Asker, datetime], Row],
    *,
    pages_at: str,
    at_once: Steps[Row] | None,
) -> ResponseReturnValue:
    """Ask once, and go on to the page with the answer: `pages_at` and the inquiry's id.

    `at_once` takes its first steps; None where they take too long for a request.
    """
    asked: list[str] = []

    def act() -> str:
        by = Asker(staff_id=workspace.who.staff_id, name=workspace.who.name, mall_id=workspace.mall.id)
        asked.append(asking(by, clock.now()).public_id)
        return f"{pages_at}/{asked[-1]}"

    answer = pages.submit(workspace.who, typed, act)
    if asked and at_once is not None:
        answering.work_at_once(at_once, asked[0], seconds=PATIENCE_S)
    return answer


def progress(found: Inquiry, template: str, *, has_more: bool = False, **shown: Any) -> ResponseReturnValue:
    """How far it is, for a page that asks again and again; where it `has_more` to show, the page itself."""
    if has_more or not found.is_live:
        return Response(headers={"HX-Refresh": "true"})
    return render_template(template, **shown)
