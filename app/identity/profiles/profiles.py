"""Telling, changing and taking back what stands in a profile; each verb locks the member."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from app.identity import queries as members
from app.identity.models import MemberPreference
from app.identity.profiles import households, queries, rules
from app.identity.profiles.models import MemberHousehold, MemberProfile, Nearby
from app.identity.profiles.rules import Birthday, Field
from app.kernel import clock
from app.kernel.db import db


def tell_birthday(member_id: int, birthday: Birthday, *, now: datetime) -> None:
    """Keep the member's birthday; the same again changes nothing.

    Raises MemberRequired, BirthdayImpossible, GuardianRequired, BirthdayChangedLately.
    """
    today = clock.business_date(now)
    rules.ensure_birthday(birthday, today=today)
    row = _open(member_id, now=now)
    if row.birthday_first_on is None:
        row.birthday_first_on = today
    elif rules.is_change(queries.birthday_of(row), birthday):
        rules.ensure_change(row.birthday_changed_on, today=today)
        row.birthday_changed_on = today
    row.birth_month, row.birth_day, row.birth_year = birthday.month, birthday.day, birthday.year
    db.session.flush()


def tell_nearby(member_id: int, nearby: Nearby, *, now: datetime) -> None:
    """Keep what the member has near the mall; raises MemberRequired."""
    _open(member_id, now=now).nearby = nearby.value
    db.session.flush()


def skip(member_id: int, field: Field, *, now: datetime) -> None:
    """Never ask the member for a field again; they may still tell it. Raises MemberRequired."""
    row = _open(member_id, now=now)
    row.skipped = [*row.skipped, *({field.value} - set(row.skipped))]
    db.session.flush()


def take_back(member_id: int, field: Field, *, now: datetime) -> None:
    """Erase what the member told for a field, and do not ask for it again; the household goes with its consent.

    When a birthday was told and changed is kept, so that it is not told anew as if it never had been.
    Raises MemberRequired.
    """
    skip(member_id, field, now=now)
    person_ids = members.list_person_ids(members.get_member(member_id).id)
    if field is Field.HOUSEHOLD:
        households.withdraw(person_ids, now=now)
    elif field is Field.PREFERENCES:
        db.session.execute(delete(MemberPreference).where(MemberPreference.member_id.in_(person_ids)))
    else:
        _blank(person_ids, field)


def _blank(person_ids: Sequence[int], field: Field) -> None:
    columns = ("birth_month", "birth_day", "birth_year") if field is Field.BIRTHDAY else ("nearby",)
    db.session.execute(
        update(MemberProfile).where(MemberProfile.member_id.in_(person_ids)).values(dict.fromkeys(columns))
    )


def stop_profiling(member_id: int, *, now: datetime) -> bool:
    """Leave the member out of what is concluded about members; False when they were left out already.

    Raises MemberRequired.
    """
    return _switch(_open(member_id, now=now), now)


def allow_profiling(member_id: int, *, now: datetime) -> bool:
    """Conclude about the member again; False when it was allowed already. Raises MemberRequired."""
    return _switch(_open(member_id, now=now), None)


def _switch(row: MemberProfile, off_at: datetime | None) -> bool:
    if (row.profiling_off_at is None) == (off_at is None):
        return False
    row.profiling_off_at = off_at
    db.session.flush()
    return True


def _open(member_id: int, *, now: datetime) -> MemberProfile:
    """The row of a member, who is locked by it, with the moment of this change."""
    member = members.lock_joined(member_id)
    row = db.session.get(MemberProfile, member.id)
    if row is None:
        row = MemberProfile(member_id=member.id, skipped=[])
        db.session.add(row)
    row.changed_at = now
    return row


def carry_over(member_id: int, *, into: int, now: datetime) -> list[str]:
    """Fill what a locked survivor has not told with what the locked member who was merged into them had.

    A profiling that either had switched off stays off. The merged member's own rows stay as they are. Returns which
    parts were filled.
    """
    filled = ["household"] if households.carry_over(member_id, into=into) else []
    if not queries.list_preferences(into) and _copy_preferences(member_id, into):
        filled.append("preferences")
    theirs = db.session.get(MemberProfile, member_id)
    if theirs is None:
        return filled
    row = _open(into, now=now)
    row.skipped = [*row.skipped, *(field for field in theirs.skipped if field not in row.skipped)]
    for part, (told, columns) in _PARTS.items():
        if getattr(row, told) is None and getattr(theirs, told) is not None:
            filled.append(part)
            for column in columns:
                setattr(row, column, getattr(theirs, column))
    db.session.flush()
    return filled


_BIRTHDAY = ("birth_month", "birth_day", "birth_year")
# Part of a profile → the column that says whether there is any, and all its columns.
_PARTS = {
    "birthday": ("birthday_first_on", (*_BIRTHDAY, "birthday_first_on", "birthday_changed_on")),
    "nearby": ("nearby", ("nearby",)),
    "profiling_off": ("profiling_off_at", ("profiling_off_at",)),
}


def take_from(member_id: int, parts: Sequence[str], *, of: int, now: datetime) -> None:
    """Take from a locked member the parts that were carried over from another, unless they were told anew since."""
    if "household" in parts and households.is_same(member_id, of):
        households.withdraw([member_id], now=now)
    if "preferences" in parts and queries.list_preferences(member_id) == queries.list_preferences(of):
        db.session.execute(delete(MemberPreference).where(MemberPreference.member_id == member_id))
    row, theirs = db.session.get(MemberProfile, member_id), db.session.get(MemberProfile, of)
    if row is None or theirs is None:
        return
    for _, columns in (_PARTS[part] for part in parts if part in _PARTS):
        if all(getattr(row, column) == getattr(theirs, column) for column in columns):
            for column in columns:
                setattr(row, column, None)
    db.session.flush()


def _copy_preferences(member_id: int, into: int) -> int:
    likes = db.session.scalars(select(MemberPreference).where(MemberPreference.member_id == member_id)).all()
    for liked in likes:
        db.session.add(MemberPreference(member_id=into, category=liked.category, chosen_at=liked.chosen_at))
    db.session.flush()
    return len(likes)


def forget(person_ids: Sequence[int]) -> None:
    """Erase the profiles of somebody who leaves."""
    for model in (MemberProfile, MemberHousehold):
        db.session.execute(delete(model).where(model.member_id.in_(person_ids)))
