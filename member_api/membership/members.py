"""Me: who I am, joining, my rolling code."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from app.flows.members import joining
from app.identity.codes import member_codes, spoken_codes
from app.identity.errors import MemberRequired
from app.identity.queries import is_joined, is_visitor, lock_member
from app.kernel import clock
from app.kernel.platforms.retries import attempts
from app.kernel.spelling import phones
from app.web import commands, context, member_auth
from app.web.member_auth import Caller
from app.web.pages import qr
from app.wechat.errors import CodeRejected
from member_api.kit import answers, kit, views
from member_api.membership.invitations import DEVICE
from member_api.membership.sessions import ArrivalFields

blueprint = kit.make_blueprint("members", "The signed-in person")

CODE_REFRESH_S = 50
# A refused code is told after half a second at most.
_TRIES, _PAUSE_S = 4, 0.05


class JoinRequest(ArrivalFields):
    """The person agrees; the phone comes from WeChat's button unless it was verified by SMS."""

    consent_version = fields.String(required=True, validate=validate.Length(1, 32))
    phone_code = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 512))
    device = fields.String(load_default=None, allow_none=True, validate=DEVICE)


@blueprint.get("/members/me")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, answers.MemberView)
@member_auth.member_required
def me(caller: Caller) -> ResponseReturnValue:
    """The card: points, tier, coupons, tasks."""
    return jsonify(views.member(caller.member, now=clock.now()))


@blueprint.post("/members/me/join")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(JoinRequest)
@blueprint.response(200, answers.JoinedView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@member_auth.member_required
def join(caller: Caller, wish: dict[str, Any]) -> ResponseReturnValue:
    """Become a member and get what joining grants; joining again changes nothing."""
    commands.idempotency_key()
    phone = _phone(caller, wish["phone_code"])
    return commands.run_once(caller.name, wish, lambda: _join(caller, wish, phone), look_first=False)


def _phone(caller: Caller, phone_code: str | None) -> str | CodeRejected | None:
    """The phone behind WeChat's code, asked before the transaction; not asked for who has one already."""
    if phone_code is None or is_joined(caller.member):
        return None
    try:
        return phones.normalise_phone(context.gateway().mini.phone_number(phone_code))
    except CodeRejected as rejected:
        _wait_for_first_press(caller)
        return rejected


def _wait_for_first_press(caller: Caller) -> None:
    """A double press spends the code twice; the press that had the phone may only now begin to write."""
    for _ in attempts(_TRIES, first_pause_s=_PAUSE_S):
        if not is_visitor(caller.member.id):
            return


def _ensure_proved(caller: Caller, phone: str | CodeRejected | None) -> str | None:
    """A double press spends the code twice: the refusal does not count for who has joined by it meanwhile."""
    if not isinstance(phone, CodeRejected):
        return phone
    if not is_joined(lock_member(caller.member.id)):
        raise phone
    return None


def _join(caller: Caller, wish: dict[str, Any], found: str | CodeRejected | None) -> commands.Answer:
    now = clock.now()
    phone = _ensure_proved(caller, found)
    joined = joining.join_member(
        caller.member.id,
        consent_version=wish["consent_version"],
        phone=phone,
        channel=caller.channel,
        arrival=joining.find_arrival(wish["scene"], wish["visit_key"]),
        device=wish["device"],
        now=now,
    )
    granted = sorted(joined.granted, key=lambda pair: pair[0].id)
    return 200, {
        "member": views.member(joined.member, now=now),
        "had_before": joined.had_before,
        "granted": views.coupons(granted, now=now),
    }


@blueprint.get("/members/me/code")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, answers.MemberCodeView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@member_auth.member_required
def code(caller: Caller) -> ResponseReturnValue:
    """A fresh rolling code; a till takes it once, within its minute."""
    if not is_joined(caller.member):
        raise MemberRequired
    now = clock.now()
    minted = member_codes.mint(caller.member, now=now)
    return jsonify(
        {
            "code": minted.text,
            "digits": spoken_codes.digits_of(caller.member.public_id, now=now),
            "svg": qr.data_uri(minted.text, dense=True),
            "expires_at": views.moment(minted.expires_at),
            "refresh_in_s": CODE_REFRESH_S,
        }
    )
