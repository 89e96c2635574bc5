"""Staff: who works where, adding somebody, roles in places, new passwords, switching accounts off and on."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access import audit, staff, staff_directory
from app.access.errors import NothingChanged
from app.access.models import Staff
from app.access.scopes import Place
from app.access.wording import ROLES, actor_of
from app.kernel import clock
from app.kernel.errors import DomainError, NotFound
from app.kernel.lists.keyset import Asked
from app.web.forms import fields
from app.web.pages import pages, staff_accounts
from app.web.pages.staff_accounts import Change, PasswordForm
from mall_console.audit import audit_log
from mall_console.kit import role_places
from mall_console.kit.listing import views
from mall_console.kit.role_places import RoleForm
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.staff.staff_list import STAFF

blueprint = Blueprint("staff", __name__, url_prefix="/staff", template_folder="templates")


class LastRole(DomainError):
    """Somebody without any role could be seen and managed by nobody."""

    kind = "conflict"
    code = "last_role"


class NewColleague(RoleForm, PasswordForm):
    """Somebody new, with a first role and a first password."""

    name = fields.Text("姓名", most=40)
    phone = fields.Phone(hint="用作登录账号", autocomplete="off")
    new_password = fields.ShownPassword("初始密码", most=1_000, hint="请记下来告知本人；第一次登录必须换成自己的密码")


@blueprint.get("")
@mall_required("staff.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Everybody with a role where the person may see staff."""
    return views.page(STAFF, workspace, "staff")


@blueprint.get("/new")
@mall_required("staff.manage")
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form for somebody new, with a first password ready to hand over."""
    return render_template(
        "console/staff_new.html",
        form=NewColleague,
        places=role_places.options(workspace),
        suggestion=staff_accounts.suggest_password(),
    )


@blueprint.post("")
@mall_required("staff.manage")
def create(workspace: Workspace) -> ResponseReturnValue:
    """Hire somebody into one role; the password is theirs to replace at first sign-in."""
    form = NewColleague.read()
    role, place = form.chosen(workspace)

    def act() -> str:
        now = clock.now()
        person = staff_accounts.hire(form.name, phone=form.phone, password=form.new_password, now=now)
        staff.grant_role(person.id, role=role, place=place)
        _record(workspace, "staff.hired", person, now, place.mall_id, role=role.value, place=place.key)
        pages.say(f"已添加 {person.name}，请把初始密码告知本人")
        return f"{workspace.base}/staff/{person.public_id}"

    return pages.submit(workspace.who, form.typed(), act)


@blueprint.get("/<public_id>")
@mall_required("staff.view")
def person_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """One person: their roles, and what was done to the account."""
    person = staff_directory.get_person(public_id, workspace.who.scope)
    entries = audit.list_entries(workspace.who.scope, subject=f"staff:{person.staff.id}", asked=Asked(20))
    return render_template(
        "console/person.html",
        role_form=RoleForm,
        password_form=PasswordForm,
        person=person,
        entries=entries,
        actor_of=actor_of,
        roles=ROLES,
        places=role_places.options(workspace),
        suggestion=staff_accounts.suggest_password(),
        is_self=person.staff.id == workspace.who.staff_id,
        actions=audit_log.ACTIONS,
    )


@blueprint.post("/<public_id>/roles")
@mall_required("staff.manage")
def add_role(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Give another role."""
    role, place = RoleForm.read().chosen(workspace)

    def change(person: Staff, now: datetime) -> str:
        if not staff.grant_role(person.id, role=role, place=place):
            raise NothingChanged
        return f"已为 {person.name} 增加角色：{ROLES[role.value]}"

    return _change(
        workspace,
        public_id,
        "staff.role_granted",
        change,
        mall_of=lambda person: place.mall_id,
        role=role.value,
        place=place.key,
    )


@blueprint.post("/<public_id>/roles/<int:role_id>/off")
@mall_required("staff.manage")
def remove_role(workspace: Workspace, public_id: str, role_id: int) -> ResponseReturnValue:
    """Take one of several roles back."""

    def change(person: Staff, now: datetime) -> str:
        ids = staff_directory.list_role_ids(person.id)
        if role_id not in ids:
            raise NotFound(role_id=role_id)
        if len(ids) == 1:
            raise LastRole
        staff.revoke_role(person.id, role_id)
        return f"已收回 {person.name} 的一个角色"

    return _change(
        workspace,
        public_id,
        "staff.role_revoked",
        change,
        role_id=role_id,
        mall_of=lambda person: staff_directory.find_mall_id(person.id, role_id=role_id),
    )


@blueprint.post("/<public_id>/password")
@mall_required("staff.manage")
def reset_password(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Give a new password, which its owner must replace; ends all their sessions."""
    return _change(workspace, public_id, "staff.password_reset", PasswordForm.read().change)


@blueprint.post("/<public_id>/off")
@mall_required("staff.manage")
def switch_off(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Keep somebody out from now on."""
    return _change(workspace, public_id, "staff.switched_off", staff_accounts.switch_off)


@blueprint.post("/<public_id>/on")
@mall_required("staff.manage")
def switch_on(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Let somebody in again."""
    return _change(workspace, public_id, "staff.switched_on", staff_accounts.switch_on)


def _mall_of(person: Staff) -> int | None:
    return staff_directory.find_mall_id(person.id)


def _change(
    workspace: Workspace,
    public_id: str,
    action: str,
    change: Change,
    *,
    mall_of: Callable[[Staff], int | None] = _mall_of,
    **facts: object,
) -> ResponseReturnValue:
    """Do one thing to somebody the person manages; raises NotFound, OwnAccount."""
    return staff_accounts.submit(
        workspace.who,
        facts,
        change,
        find=lambda: staff_directory.get_managed(public_id, workspace.who.scope),
        record=lambda person, now: _record(workspace, action, person, now, mall_of(person), **facts),
        home=f"{workspace.base}/staff/{public_id}",
    )


def _record(
    workspace: Workspace, action: str, person: Staff, now: datetime, mall_id: int | None, **facts: object
) -> None:
    """The entry belongs where the person works, whichever mall's console it was done in."""
    subject, place = f"staff:{person.id}", Place(mall_id=mall_id)
    audit.record(workspace.who.actor, action=action, subject=subject, now=now, facts=facts, place=place)
