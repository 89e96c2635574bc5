"""A forgotten password: a code by SMS to the account's phone, and a new password with it."""

import logging
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import audit, passwords, recovery
from app.flows.watching import sms_budget
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError
from app.kernel.spelling import phones
from app.verification import sms_limits
from app.verification.errors import SmsCodeInvalid
from app.web import commands, context, proofs
from app.web.forms import fields, forms
from app.web.pages import pages
from app.web.pages.staff_accounts import SignInForm

logger = logging.getLogger(__name__)

blueprint = Blueprint("recovery", __name__, url_prefix="/forgotten", template_folder="templates")


class PhoneForm(forms.Form):
    """Whose password is forgotten."""

    phone = SignInForm.phone


class RecoveryForm(PhoneForm):
    """The code that came, and what the password is to be."""

    code = fields.Raw(
        "短信验证码", most=20, maxlength=6, inputmode="numeric", autocomplete="one-time-code", placeholder="6 位数字"
    )
    new_password = fields.Password(
        "新密码",
        most=1_000,
        hint="8 位以上，同时包含字母和数字，不能含手机号",
        autocomplete="new-password",
        minlength=8,
    )


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The form; also for somebody who is signed in elsewhere."""
    return render_template("portal/forgotten.html", form=RecoveryForm)


@blueprint.post("")
def send_code() -> ResponseReturnValue:
    """Send a code if the phone has an account; the answer is the same and as quick if it has none."""
    phone, now = PhoneForm.read().phone, clock.now()
    with atomic():
        spent = recovery.count_request(
            phone,
            address=context.client_address(),
            proof=proofs.sent(),
            budget=context.settings().sms.daily_budget,
            now=now,
        )
        sms_budget.note(spent, now=now)
    sms_limits.ensure_left(spent, now=now)
    with atomic():
        code_id, code, has_account = recovery.issue(phone, now=now)
    if pages.is_part():
        answer = make_response(render_template("portal/_code_sent.html"))
    else:
        pages.say("如果该手机号已开通商户端账号，验证码已发出")
        pages.keep_typed()
        answer = make_response(redirect(url_for("portal.recovery.page"), 303))
    if has_account:
        # After the answer has left, so that nobody learns from its time whether there was a message to send.
        answer.call_on_close(_sending(phones.normalise_phone(phone), code, code_id))
    return answer


def _sending(phone: str, code: str, code_id: int) -> Callable[[], None]:
    provider = context.sms_provider()

    def send() -> None:
        try:
            provider.send_password_code(phone, code, message_id=f"password-{code_id}")
        except DomainError:
            logger.warning("a code for a new password could not be sent", extra={"code_id": code_id}, exc_info=True)

    return send


@blueprint.post("/password")
def set_password() -> ResponseReturnValue:
    """Replace the password of whoever holds the phone; ends all their sessions. Pressed twice, it is done once."""
    form = RecoveryForm.read()
    asked = _Asked(recovery.caller(form.phone), pages.form_key(), {"code": form.code.strip()})
    if not _is_done(asked):
        _set_password(form, asked)
    pages.say("密码已重设，其他设备已退出登录。请用新密码登录")
    return redirect(url_for("portal.account.sign_in_page"), 303)


class _Asked(NamedTuple):
    """What a form asked for, and under which key."""

    caller: str
    key: str
    payload: Mapping[str, str]


def _is_done(asked: _Asked) -> bool:
    with atomic():
        return commands.find_kept(*asked) is not None


def _set_password(form: RecoveryForm, asked: _Asked) -> None:
    now = clock.now()
    with atomic():
        recovery.count_try(form.phone, address=context.client_address(), proof=proofs.sent(), now=now)
    recovery.ensure_good(form.phone, form.new_password)
    hashed = passwords.hashed(form.new_password)
    with atomic():
        is_right = recovery.accept(form.phone, form.code.strip(), now=now)
        if is_right:
            person = recovery.replace_password(form.phone, hashed, now=now)
            actor = audit.Actor("staff", person.id, person.name)
            audit.record(actor, action="staff.password_recovered", subject=f"staff:{person.id}", now=now)
            commands.keep(*asked, answer={}, now=now)
    if not is_right and not _is_done(asked):
        raise SmsCodeInvalid
