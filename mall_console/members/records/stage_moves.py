"""When a member came to another stage, as rows of their timeline between what they did."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.lists.keyset import Page
from app.lifecycle.stages import queries
from app.lifecycle.stages.models import StageChange
from app.lifecycle.stages.wording import STAGES
from app.timeline.models import TimelineEvent
from mall_console.members.records.happenings import Happening

Span = tuple[date | None, date | None]


def list_between(
    person_ids: Sequence[int],
    page: Page[TimelineEvent],
    within: Sequence[ColumnElement[bool]],
    *,
    span: Span,
    is_rising: bool,
) -> list[Happening]:
    """The moves that stand among a page of events, the latest first; `within` are the timeline's conditions.

    Each is on one page alone: from the day of its oldest event up to the day before the event behind its newest. The
    first and the last page reach as far as the `span` of days that was asked for; a list without events is both.
    """
    first, last = _days_of(page, within, is_rising=is_rising) if page.items else (None, None)
    first, last = first or span[0] or date.min, last or span[1] or date.max
    # Two numbers of a person may have come to the same stage on the same day: that is said once.
    moves = dict.fromkeys(
        (one.day, _word(one))
        for one in queries.list_changes(person_ids)
        if one.stage and one.stage != one.old_stage and first <= one.day <= last
    )
    return [_row(day, words) for day, words in moves]


def woven(events: Sequence[Happening], moves: Sequence[Happening], *, is_rising: bool) -> list[Happening]:
    """Events of a page and the moves among them in one order: a day's move comes after all that happened on it."""
    days = [(clock.business_date(one.at), False, one) for one in (events if not is_rising else events[::-1])]
    rows = [*((clock.business_date(one.at), True, one) for one in moves), *days]
    rows.sort(key=lambda row: row[:2], reverse=True)
    return [one for *_, one in (reversed(rows) if is_rising else rows)]


def _days_of(page: Page[TimelineEvent], within: Sequence[ColumnElement[bool]], *, is_rising: bool) -> Span:
    """The first and the last day of a page's own; None where nothing lies behind that end."""
    newest, oldest = (page.items[-1], page.items[0]) if is_rising else (page.items[0], page.items[-1])
    has_older = page.previous is not None if is_rising else page.next is not None
    return clock.business_date(oldest.occurred_at) if has_older else None, _last_day(newest, within)


def _last_day(newest: TimelineEvent, within: Sequence[ColumnElement[bool]]) -> date | None:
    """The day before the one on which the event behind a page's newest happened; None where there is none."""
    later = select(func.min(TimelineEvent.occurred_at)).where(*within, TimelineEvent.occurred_at > newest.occurred_at)
    at = db.session.scalar(later)
    return None if at is None else clock.business_date(at) - timedelta(days=1)


def _row(day: date, words: str) -> Happening:
    return Happening(at=clock.start_of_day(day), what="分层变动", story=words, is_day_only=True)


def _word(move: StageChange) -> str:
    old = f"由{STAGES[move.old_stage]}变" if move.old_stage in STAGES else ""
    return f"分层{old}为{STAGES[move.stage]}"
