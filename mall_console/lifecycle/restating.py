"""Questions about everybody's stages as the console asks and shows them: worked out at once, or while one looks on."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from app.identity.models import Member
from app.insights.questions.matrices import Matrix
from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.restatements import questions, restatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.questions import Question
from app.lifecycle.restatements.restatements import Asker, Kind
from app.lifecycle.stages import nights
from app.web.pages import pages
from app.workers.lifecycle import restating as worker
from mall_console.kit.workspace import Workspace

# Of fewer members the request that asks counts what it can in this time; the rest, and all of more, is the job's.
AT_ONCE_BELOW = 100_000
PATIENCE_S = 5.0
# An answer is as good as new for so long; one about the past of very many members until the next night.
FRESH_FOR = timedelta(minutes=10)


def ask(
    workspace: Workspace, kind: Kind, question: Question, typed: Mapping[str, Any], *, address: Callable[[str], str]
) -> ResponseReturnValue:
    """Ask once, and go on to the page with the answer, whose address follows from the restatement's id."""
    asked: list[str] = []

    def act() -> str:
        now = clock.now()
        by = Asker(staff_id=workspace.who.staff_id, name=workspace.who.name)
        found = restatements.ask(kind, question, by=by, now=now, since=_fresh_since(kind, now))
        asked.append(found.public_id)
        return address(found.public_id)

    answer = pages.submit(workspace.who, typed, act)
    if asked and not is_large():
        worker.work_at_once(asked[0], seconds=PATIENCE_S)
    return answer


def _fresh_since(kind: Kind, now: datetime) -> datetime:
    night = nights.find_last() if kind is Kind.PAST and is_large() else None
    return now - FRESH_FOR if night is None else min(night.started_at, now - FRESH_FOR)


def is_large() -> bool:
    """Whether there are so many members that no request should look at all of them."""
    night = nights.find_last()
    if night is not None:
        return night.members >= AT_ONCE_BELOW
    some = select(Member.id).limit(AT_ONCE_BELOW).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) >= AT_ONCE_BELOW


def is_live(found: Restatement) -> bool:
    """Whether a worker is at it, or will be."""
    return found.done_at is None and found.given_up_at is None


def progress(found: Restatement, seen: int | None = None) -> ResponseReturnValue:
    """How far it is, for a page that asks again and again; where there is more than was `seen`, the page itself."""
    done = len(found.answers)
    if not is_live(found) or (seen is not None and done > seen):
        return Response(headers={"HX-Refresh": "true"})
    return render_template("console/_restating.html", **shown(found))


def shown(found: Restatement) -> dict[str, Any]:
    """What a page says of how far it is."""
    return {
        "restatement": found,
        "is_live": is_live(found),
        "done": len(found.answers),
        "is_tried_again": found.last_error is not None,
    }


def matrices(found: Restatement, mall_ids: Collection[int]) -> list[Matrix]:
    """What is known so far of these malls' members, comparison by comparison."""
    asked = questions.read(found.question)
    known = []
    for comparison, moves in zip(asked, restatements.answers_of(found), strict=False):
        counts: Counter[tuple[str, str]] = Counter()
        for move in moves:
            if move.mall_id in mall_ids:
                counts[move.old_stage, move.stage] += move.members
        known.append(Matrix(comparison.before.day, comparison.after.day, counts))
    return known
