"""Questions about everybody's stages as the console asks and shows them: worked out at once, or while one looks on."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue

from app.insights.questions.matrices import Matrix
from app.kernel.runs.inquiries import Asker
from app.lifecycle.restatements import freshness, questions, restatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.questions import Question
from app.lifecycle.restatements.restatements import Kind
from app.workers.lifecycle import restating as worker
from mall_console.kit import inquiries
from mall_console.kit.workspace import Workspace


def ask(
    workspace: Workspace, kind: Kind, question: Question, typed: Mapping[str, Any], *, pages_at: str
) -> ResponseReturnValue:
    """Ask once, and go on to the page with the answer."""

    def asking(by: Asker, now: datetime) -> Restatement:
        return restatements.ask(kind, question, by=by, now=now, since=freshness.fresh_since(kind, now))

    at_once = None if freshness.is_large() else worker.STEPS
    return inquiries.ask(workspace, typed, asking, pages_at=pages_at, at_once=at_once)


def progress(found: Restatement, seen: int | None = None) -> ResponseReturnValue:
    """How far it is, for a page that asks again and again; where there is more than was `seen`, the page itself."""
    has_more = seen is not None and len(found.answers) > seen
    return inquiries.progress(found, "console/_restating.html", has_more=has_more, **shown(found))


def shown(found: Restatement) -> dict[str, Any]:
    """What a page says of how far it is."""
    return {"restatement": found, "done": len(found.answers)}


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
