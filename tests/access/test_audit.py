"""The audit log: read only within one's places, and never rewritten."""

import pytest
from sqlalchemy import Executable, delete, update
from sqlalchemy.exc import DBAPIError

from app.access import audit, staff_lists
from app.access.audit import Actor
from app.access.models import AuditEntry, Role
from app.access.scopes import GROUP, Grant, Place, Scope
from app.kernel import clock
from app.kernel.db import db
from app.kernel.lists.keyset import Asked
from tests.builders.malls import make_mall, make_store
from tests.builders.staff import make_clerk, make_manager, make_staff

SOMEBODY = Actor("staff", 1, "陈岚")


def record(action: str, place: Place = GROUP, subject: str = "thing:1") -> None:
    audit.record(SOMEBODY, action=action, subject=subject, now=clock.now(), place=place, facts={"n": 1})


def seen_by(role: Role, place: Place, **wanted: object) -> list[str]:
    entries = audit.list_entries(Scope((Grant(role, place),)), **wanted)  # type: ignore[arg-type]
    return [entry.action for entry in entries]


def test_each_reader_sees_entries_of_their_places_only_the_newest_first() -> None:
    here, there = Place(mall_id=make_mall().id), Place(mall_id=make_mall().id)
    record("entrance.created", here)
    record("campaign.created", there)
    record("group.changed")
    assert seen_by(Role.OPERATIONS, here) == ["entrance.created"]
    assert seen_by(Role.AUDITOR, GROUP) == ["group.changed", "campaign.created", "entrance.created"]
    assert seen_by(Role.CLERK, here) == []


def test_entries_are_found_by_action_subject_and_page() -> None:
    for number in range(3):
        record("entrance.created", subject=f"entrance:{number}")
    record("entrances_%", subject="other:1")
    assert len(seen_by(Role.AUDITOR, GROUP, action="entrance.")) == 3
    assert seen_by(Role.AUDITOR, GROUP, action="entrances_%") == ["entrances_%"]
    assert len(seen_by(Role.AUDITOR, GROUP, subject="entrance:1")) == 1
    newest = audit.list_entries(Scope((Grant(Role.AUDITOR, GROUP),)), asked=Asked(1))
    assert len(seen_by(Role.AUDITOR, GROUP, asked=Asked(cursor=newest.next))) == 3


@pytest.mark.parametrize("change", [update(AuditEntry).values(action="x"), delete(AuditEntry)])
def test_entries_are_neither_changed_nor_deleted(change: Executable) -> None:
    record("entrance.created")
    with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
        db.session.execute(change)


def test_staff_are_listed_by_the_places_of_their_roles() -> None:
    store, elsewhere = make_store(), make_store()
    clerk, manager, foreign = make_clerk(store), make_manager(store), make_clerk(elsewhere)
    everywhere = make_staff(Role.ADMINISTRATOR)
    of_mall = Scope((Grant(Role.ADMINISTRATOR, Place(mall_id=store.mall_id)),))
    assert {row.Staff.id for row in staff_lists.list_staff(of_mall)} == {clerk.id, manager.id}
    whole = {row.Staff.id for row in staff_lists.list_staff(Scope((Grant(Role.ADMINISTRATOR, GROUP),)))}
    assert whole >= {clerk.id, manager.id, foreign.id, everywhere.id}
