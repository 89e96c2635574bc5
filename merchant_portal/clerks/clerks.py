"""The manager's people: add a clerk, give a new password, switch an account off and on. All of it is audited."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import audit, staff, staff_lists, staff_queries
from app.access.models import Role, Staff
from app.access.scopes import GROUP, Place
from app.access.staff_queries import SignedIn
from app.kernel import clock
from app.kernel.lists.keyset import Asked
from app.malls.models import Store
from app.web.forms import fields
from app.web.pages import pages, staff_accounts
from app.web.pages.staff_accounts import Change, PasswordForm
from app.web.staff.auth import staff_required

blueprint = Blueprint("clerks", __name__, url_prefix="/clerks", template_folder="templates")


class NewClerk(PasswordForm):
    """Somebody new for one or more of the manager's stores."""

    name = fields.Raw("姓名", most=100, maxlength=40, autocomplete="off")
    phone = fields.Raw("手机号", most=40, maxlength=20, inputmode="tel", autocomplete="off")
    store = fields.Several("所在门店")
    new_password = fields.ShownPassword("初始密码", most=1_000)


@dataclass(slots=True)
class Person:
    """A clerk with the manager's stores they work in."""

    staff: Staff
    stores: list[Store] = field(default_factory=list)


@blueprint.get("")
@staff_required("clerk.view")
def page(who: SignedIn) -> ResponseReturnValue:
    """Everybody who works in the manager's stores."""
    people: dict[int, Person] = {}
    for row in staff_lists.list_clerks(who.scope):
        people.setdefault(row.Staff.id, Person(row.Staff)).stores.append(row.Store)
    return render_template("portal/clerks.html", people=list(people.values()))


@blueprint.get("/new")
@staff_required("clerk.manage")
def new_page(who: SignedIn) -> ResponseReturnValue:
    """The form for a new clerk, with a first password ready to hand over."""
    stores = staff_queries.list_stores_for(who.scope, "clerk.manage")
    return render_template(
        "portal/clerk_new.html", form=NewClerk, stores=stores, suggestion=staff_accounts.suggest_password()
    )


@blueprint.post("")
@staff_required("clerk.manage")
def create(who: SignedIn) -> ResponseReturnValue:
    """Hire a clerk for one or more of the manager's stores."""
    form = NewClerk.read()

    def act() -> str:
        now = clock.now()
        chosen = _own_stores(who, form.store)
        person = staff_accounts.hire(form.name, phone=form.phone, password=form.new_password, now=now)
        for store in chosen:
            staff.grant_role(person.id, role=Role.CLERK, place=Place(store_id=store.id))
        _record(who, "clerk.hired", person, now, stores=[store.id for store in chosen])
        pages.say(f"已添加店员 {person.name}，请把初始密码告知本人")
        return url_for("portal.clerks.page")

    return pages.submit(who, form.typed(), act)


def _own_stores(who: SignedIn, store_codes: list[str]) -> list[Store]:
    own = [row.Store for row in staff_queries.list_stores_for(who.scope, "clerk.manage")]
    chosen = [store for store in own if store.code in store_codes]
    if not chosen:
        raise NewClerk.store.refuse("请至少选择一家门店")
    return chosen


@blueprint.get("/<public_id>")
@staff_required("clerk.manage")
def clerk_page(who: SignedIn, public_id: str) -> ResponseReturnValue:
    """One clerk: new password, off and on, and what was done to the account."""
    person = staff_lists.get_clerk(public_id, who.scope)
    entries = audit.list_entries(who.scope, permission="clerk.manage", subject=f"staff:{person.id}", asked=Asked(20))
    return render_template(
        "portal/clerk.html",
        form=PasswordForm,
        person=person,
        entries=entries,
        suggestion=staff_accounts.suggest_password(),
    )


@blueprint.post("/<public_id>/password")
@staff_required("clerk.manage")
def reset_password(who: SignedIn, public_id: str) -> ResponseReturnValue:
    """Give a clerk a new password; ends all their sessions."""
    return _change(who, public_id, "clerk.password_reset", PasswordForm.read().change)


@blueprint.post("/<public_id>/off")
@staff_required("clerk.manage")
def switch_off(who: SignedIn, public_id: str) -> ResponseReturnValue:
    """Keep a clerk out from now on."""
    return _change(who, public_id, "clerk.switched_off", staff_accounts.switch_off)


@blueprint.post("/<public_id>/on")
@staff_required("clerk.manage")
def switch_on(who: SignedIn, public_id: str) -> ResponseReturnValue:
    """Let a clerk in again."""
    return _change(who, public_id, "clerk.switched_on", staff_accounts.switch_on)


def _change(who: SignedIn, public_id: str, action: str, change: Change) -> ResponseReturnValue:
    """Do one thing to one of the manager's clerks; raises NotFound, OwnAccount."""
    return staff_accounts.submit(
        who,
        {"clerk": public_id},
        change,
        find=lambda: staff_lists.get_clerk(public_id, who.scope),
        record=lambda person, now: _record(who, action, person, now),
        home=url_for("portal.clerks.clerk_page", public_id=public_id),
    )


def _record(who: SignedIn, action: str, person: Staff, now: datetime, **facts: object) -> None:
    """The entry belongs to the manager's merchant, so that they can read it again."""
    place = _manager_place(who)
    audit.record(who.actor, action=action, subject=f"staff:{person.id}", now=now, facts=facts, place=place)


def _manager_place(who: SignedIn) -> Place:
    if who.stand is None:
        places = who.scope.places("clerk.manage")
        return places[0] if places else GROUP
    return Place(mall_id=who.stand.mall_id, merchant_id=who.stand.merchant_id)
