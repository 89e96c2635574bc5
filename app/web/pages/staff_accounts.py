"""What portal and console both do to accounts: one's own password, and a colleague's first one, another, off and on.

Each of them says whom its people manage and where the change is written down; what is done, and that it is done once
and never to oneself, is the same.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue

from app.access import audit, staff, staff_queries
from app.access.errors import NothingChanged, OwnAccount
from app.access.models import Staff
from app.access.scopes import GROUP, Place
from app.access.staff_queries import SignedIn
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.security import codes
from app.web.forms import fields, forms
from app.web.pages import pages

# Does one thing to somebody at a moment, and returns how to say that it is done.
Change = Callable[[Staff, datetime], str]


class PasswordForm(forms.Form):
    """A password for somebody else, shown so that it can be handed over."""

    new_password = fields.ShownPassword("新密码", most=1_000)

    def change(self, person: Staff, now: datetime) -> str:
        """Give the password, which its owner must replace; ends all their sessions. Raises PasswordWeak."""
        staff.reset_password(person, new=self.new_password, now=now)
        return f"已重设 {person.name} 的密码，请把新密码告知本人"


class OwnPasswordForm(forms.Form):
    """Another password of one's own."""

    present_password = fields.Password("当前密码", autocomplete="current-password")
    new_password = fields.Password(
        "新密码",
        most=1_000,
        hint="8 位以上，同时包含字母和数字，不能含手机号",
        autocomplete="new-password",
        minlength=8,
    )


def submit_own_password(who: SignedIn, *, home: str, place: Place = GROUP) -> ResponseReturnValue:
    """Change one's own password as OwnPasswordForm says, once, and go home; ends all other sessions."""
    form = OwnPasswordForm.read()
    with atomic():
        staff.count_password_try(who.staff_id, now=clock.now())

    def act() -> str:
        now = clock.now()
        person = staff_queries.get_staff(who.staff_id)
        staff.change_password(
            person, present=form.present_password, new=form.new_password, session_id=who.session_id, now=now
        )
        subject = f"staff:{who.staff_id}"
        audit.record(who.actor, action="staff.password_changed", subject=subject, now=now, place=place)
        pages.say("密码已修改，其他设备已退出登录")
        return home

    return pages.submit(who, {}, act)


class SignInForm(forms.Form):
    """Who signs in."""

    phone = fields.Raw(
        "手机号", most=1_000, maxlength=20, inputmode="tel", autocomplete="username", placeholder="11 位手机号"
    )
    password = fields.Password("密码", autocomplete="current-password")


def suggest_password() -> str:
    """A password to hand over, easy to read out."""
    return f"{codes.new_code(6).lower()}{codes.new_digits(4)}"


def hire(name: str, *, phone: str, password: str, now: datetime) -> Staff:
    """Somebody new with a password that is theirs to replace at first sign-in.

    Raises StaffNameInvalid, PhoneInvalid, PasswordWeak, StaffPhoneTaken.
    """
    person = staff.hire(name=name, phone=phone, password=password, now=now)
    staff.mark_temporary(person)
    return person


def switch_off(person: Staff, now: datetime) -> str:
    """Keep somebody out from now on; raises NothingChanged."""
    if not staff.switch_off(person, now=now):
        raise NothingChanged
    return f"已停用 {person.name}，其登录立即失效"


def switch_on(person: Staff, now: datetime) -> str:
    """Let somebody in again; raises NothingChanged."""
    if not staff.switch_on(person):
        raise NothingChanged
    return f"已恢复 {person.name} 的登录"


def submit(
    who: SignedIn,
    payload: Mapping[str, Any],
    change: Change,
    *,
    find: Callable[[], Staff],
    record: Callable[[Staff, datetime], None],
    home: str,
) -> ResponseReturnValue:
    """Change somebody that `find` says the person manages, once, recorded, and go to `home`.

    Raises OwnAccount and what `find` and `change` raise.
    """

    def act() -> str:
        now = clock.now()
        person = find()
        if person.id == who.staff_id:
            raise OwnAccount
        record(person, now)  # first: a role that is taken back still says where the person worked
        pages.say(change(person, now))
        return home

    return pages.submit(who, payload, act)
