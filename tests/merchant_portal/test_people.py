"""The people of a merchant: added, given passwords, switched off and on, by their manager alone."""

import pytest
from sqlalchemy import select

from app.access import staff
from app.access.models import AuditEntry, Role, Staff
from app.access.scopes import Place
from app.kernel.db import db
from app.malls.models import Mall, Store
from tests.builders.malls import make_merchant, make_store
from tests.builders.staff import make_clerk, make_manager, make_staff, new_phone, sign_in, submit
from tests.merchant_portal.conftest import Portal
from tests.support.isolation import Client


def hire(manager: Portal, chosen: Store, **fields: object) -> None:
    form = {"name": "新店员", "phone": new_phone(), "store": chosen.code, "new_password": "first-pass-1"} | fields
    submit(manager.client, "/portal/clerks/new", "/portal/clerks", **form)


@pytest.mark.requirement("S3.25")
def test_the_manager_adds_a_clerk_who_can_sign_in(client: Client, manager: Portal, store: Store) -> None:
    phone = new_phone()
    hire(manager, store, phone=phone)
    assert "新店员" in manager.client.get("/portal/clerks").text
    person = db.session.scalars(select(Staff).where(Staff.name == "新店员")).one()
    assert phone not in manager.client.get("/portal/clerks").text
    assert sign_in(client, person, password="first-pass-1").status_code == 303
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "clerk.hired")).one()
    assert entry.facts == {"stores": [store.id]} and entry.subject == f"staff:{person.id}"


def test_a_password_from_the_manager_opens_only_the_page_that_replaces_it(
    client: Client, manager: Portal, store: Store
) -> None:
    hire(manager, store)
    sign_in(client, db.session.scalars(select(Staff).where(Staff.name == "新店员")).one(), password="first-pass-1")
    page = "/portal/me/password"
    assert {client.get(path).location for path in ("/portal", "/portal/me", "/portal/stores")} == {page}
    assert client.get("/portal/api/today").json["error"]["code"] == "password_temporary"
    submit(client, page, page, present_password="first-pass-1", new_password="my-own-pass-1")
    assert client.get("/portal").status_code == 200


def test_no_password_is_ever_kept_in_the_clear(manager: Portal, store: Store) -> None:
    hire(manager, store, new_password="very-secret-42")
    for table in ("audit_entries", "idempotency_keys", "staff"):
        rows = db.session.execute(db.text(f"SELECT t::text FROM {table} t")).scalars().all()
        assert rows and not any("very-secret-42" in row for row in rows)


def test_a_clerk_cannot_be_put_into_a_foreign_store(manager: Portal, store: Store) -> None:
    foreign = make_store()
    hire(manager, foreign)
    assert "请至少选择一家门店" in manager.client.get("/portal/clerks/new").text
    assert db.session.scalars(select(Staff).where(Staff.name == "新店员")).first() is None


def test_resetting_switching_off_and_on_take_effect_at_once(manager: Portal, clerk: Portal) -> None:
    page = f"/portal/clerks/{clerk.person.public_id}"
    submit(manager.client, page, f"{page}/password", new_password="fresh-pass-5")
    assert clerk.client.get("/portal/me").status_code == 303
    assert sign_in(clerk.client, clerk.person).status_code == 401
    submit(manager.client, page, f"{page}/off")
    assert sign_in(clerk.client, clerk.person, password="fresh-pass-5").status_code == 403
    assert "已停用" in manager.client.get("/portal/clerks").text
    submit(manager.client, page, f"{page}/on")
    assert sign_in(clerk.client, clerk.person, password="fresh-pass-5").status_code == 303
    shown = manager.client.get(page).text
    assert all(word in shown for word in ("重设密码", "停用账号", "恢复账号"))


def foreign_people(store: Store, mall: Mall) -> list[Staff]:
    """People a manager of `store` may not touch: others' clerks, and those who are more than the manager's clerk."""
    neighbour = make_store(mall, make_merchant())
    shared = make_clerk(store)
    staff.grant_role(shared.id, role=Role.CLERK, place=Place(store_id=neighbour.id))
    promoted = make_clerk(store)
    staff.grant_role(promoted.id, role=Role.AUDITOR, place=Place())
    return [make_clerk(neighbour), make_manager(store), make_staff(Role.ADMINISTRATOR), shared, promoted]


@pytest.mark.parametrize("step", ["", "/password", "/off", "/on"])
def test_only_people_who_are_wholly_the_managers_can_be_changed(
    manager: Portal, store: Store, mall: Mall, step: str
) -> None:
    form = {"csrf_token": manager.token, "new_password": "taken-over-1"}
    for number, person in enumerate(foreign_people(store, mall)):
        path = f"/portal/clerks/{person.public_id}{step}"
        send = manager.client.post if step else manager.client.get
        assert send(path, data=form | {"idempotency_key": f"form-key-{number}"}).status_code == 404
        db.session.refresh(person)
        assert person.active
