"""Signing in: by mini-program code, by official-account OAuth, by phone and SMS code."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Response, jsonify, session
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from marshmallow import ValidationError, fields, validate

from app.flows.members import joining, sharing
from app.flows.watching import sms_budget
from app.identity import queries as identity_queries
from app.identity import sessions
from app.identity.models import IdentityKind, Member
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import PlatformUnavailable
from app.kernel.security import codes
from app.kernel.spelling import phones as spelling_phones
from app.malls import queries as mall_queries
from app.providers.machines import MachineRefused
from app.verification import phones, proofs, sms_codes, sms_limits
from app.verification.errors import SmsCodeInvalid
from app.verification.proofs import Payer, Price
from app.web import context, member_auth
from app.web import proofs as web_proofs
from app.wechat.official import WITH_CONSENT
from member_api.entrances import SCENE, VISIT_KEY
from member_api.kit import answers, kit, views
from member_api.kit.errors import LoginStateInvalid

blueprint = kit.make_blueprint("sessions", "Signing in and out")

OAUTH_STATE_LIFETIME_S = 600
# A whole mall behind one Wi-Fi shares an address: so many are free, and more cost a proof of work.
SIGN_INS_PER_ADDRESS_AND_MINUTE = 600
_OAUTH_SEED = "oauth_seed"
_CODE = validate.Regexp(r"^[\x21-\x7e]{1,512}$")


class ArrivalFields(kit.Strict):
    """Where the person came from."""

    scene = fields.String(validate=SCENE, load_default=None, allow_none=True)
    visit_key = fields.String(validate=VISIT_KEY, load_default=None, allow_none=True)


class MiniRequest(ArrivalFields):
    """A `wx.login` code."""

    code = fields.String(required=True, validate=_CODE)


class OfficialRequest(ArrivalFields):
    """What WeChat's OAuth page sent back."""

    code = fields.String(required=True, validate=_CODE)
    state = fields.String(required=True, validate=validate.Length(1, 128))


class SmsCodeRequest(kit.Strict):
    """Where to send a code."""

    phone = fields.String(required=True, validate=validate.Length(1, 32))


class SmsRequest(ArrivalFields):
    """A phone and the code that was sent to it."""

    phone = fields.String(required=True, validate=validate.Length(1, 32))
    code = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{6}$"))


class ReturnRequest(kit.Strict):
    """The page to come back to."""

    return_to = fields.String(load_default="/h5/", validate=validate.Length(1, 300))


@blueprint.post("/sessions/mini-program")
@blueprint.arguments(MiniRequest)
@blueprint.response(201, answers.SessionView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@blueprint.alt_response(422, schema=kit.ErrorView)
def from_mini_program(login: dict[str, Any]) -> ResponseReturnValue:
    """Sign in by the mini-program's login code."""
    _throttle()
    found = context.gateway().mini.code_to_session(login["code"])
    identities = _wechat_identities(IdentityKind.MINI_OPENID, found.openid, found.unionid)
    return _signed_in(identities, login, channel="mini_program", openid=found.openid)


@blueprint.get("/sessions/official-account/authorize-url")
@blueprint.arguments(ReturnRequest, location="query")
@blueprint.response(200, answers.UrlView)
def authorize_url(where: dict[str, Any]) -> ResponseReturnValue:
    """Where to send a browser inside WeChat; it comes back to the H5 page with code and state."""
    path = where["return_to"]
    if not path.startswith("/h5/") or urlsplit(path).netloc:
        raise ValidationError({"return_to": ["must be a path below /h5/"]})
    back = f"{context.settings().public_url}/h5/oauth?{urlencode({'to': path})}"
    return jsonify({"url": context.gateway().official.authorize_url(back, _new_state(), scope=WITH_CONSENT)})


@blueprint.post("/sessions/official-account")
@blueprint.arguments(OfficialRequest)
@blueprint.response(201, answers.SessionView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@blueprint.alt_response(422, schema=kit.ErrorView)
def from_official_account(login: dict[str, Any]) -> ResponseReturnValue:
    """Sign in by the code of the official account's OAuth page."""
    _throttle()
    _ensure_own_state(login["state"])
    found = context.gateway().official.code_to_identity(login["code"])
    identities = _wechat_identities(IdentityKind.OA_OPENID, found.openid, found.unionid)
    return _signed_in(identities, login, channel="official_account", openid=found.openid)


@blueprint.post("/sms-codes")
@blueprint.arguments(SmsCodeRequest)
@blueprint.response(202, answers.RetryView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@blueprint.alt_response(422, schema=kit.ErrorView)
@blueprint.alt_response(429, schema=kit.ErrorView)
def send_sms_code(wanted: dict[str, Any]) -> ResponseReturnValue:
    """Send a sign-in code to a phone."""
    now = clock.now()
    phone = spelling_phones.normalise_phone(wanted["phone"])
    index = phones.phone_index(phone)
    with atomic():
        spent = sms_limits.count(
            sms_codes.SIGN_IN,
            index,
            address=context.client_address(),
            proof=web_proofs.sent(),
            budget=context.settings().sms.daily_budget,
            now=now,
        )
        sms_budget.note(spent, now=now)
        code_id, code = sms_codes.issue(phone, now=now)
    sms_limits.ensure_left(spent, now=now)
    _send(phone, code, message_id=f"sign-in-{code_id}")
    return jsonify({"retry_after_s": sms_limits.RETRY_AFTER_S}), 202


def _send(phone: str, code: str, *, message_id: str) -> None:
    try:
        context.sms_provider().send_sign_in_code(phone, code, message_id=message_id)
    except (MachineRefused, PlatformUnavailable) as error:
        if error.kind == "busy":
            # It may be asked for again when the phone may be: not sooner.
            error.facts["retry_after_s"] = sms_limits.RETRY_AFTER_S
        raise


@blueprint.post("/sessions/sms")
@blueprint.arguments(SmsRequest)
@blueprint.response(201, answers.SessionView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@blueprint.alt_response(422, schema=kit.ErrorView)
def from_sms(login: dict[str, Any]) -> ResponseReturnValue:
    """Sign in by a phone and the code sent to it; a signed-in visitor proves their phone and stays who they are.

    A signed-in member may become another member so, but nobody new (409): they would join a second time.
    """
    phone = spelling_phones.normalise_phone(login["phone"])
    with atomic():
        wrong = sms_codes.count_failures(phone, now=clock.now())
    _throttle(at_least=sms_codes.price_of(wrong))
    with atomic():
        is_right = sms_codes.accept(phone, login["code"], now=clock.now())
    if not is_right:
        raise SmsCodeInvalid
    caller, index = member_auth.find_caller(), phones.phone_index(phone)
    if caller is not None and not identity_queries.is_joined(caller.member):
        return _phone_proved(caller, phone)
    if caller is not None:
        identity_queries.ensure_member_phone(index, asked_by=caller.member)
        with atomic():
            sharing.note_device(caller.member, index)
    return _signed_in({IdentityKind.PHONE: index}, login, channel="sms", openid=None, phone=phone)


def _phone_proved(visitor: member_auth.Caller, phone: str) -> ResponseReturnValue:
    """The visitor's identities and the phone belong to one person from now on."""
    now = clock.now()
    with atomic():
        member = joining.verify_phone(visitor.member, phone, now=now)
        body = _start(member, channel=visitor.channel, openid=visitor.openid, now=now)
    return jsonify(body), 201


@blueprint.delete("/sessions/current")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(204)
@member_auth.member_required
def sign_out(caller: member_auth.Caller) -> ResponseReturnValue:
    """End this device's session."""
    with atomic():
        sessions.revoke(caller.session_member_id, caller.secret, now=clock.now())
    return Response(status=204)


def _throttle(*, at_least: int = 0) -> None:
    """Count a sign-in; raises ProofRequired when it costs one."""
    address = context.client_address()
    price = Price(f"sign-in:{address}", SIGN_INS_PER_ADDRESS_AND_MINUTE, 60)
    with atomic():
        payer = Payer("sign-in", address, waits_as=address)
        proofs.count([price], payer, web_proofs.sent(), at_least=at_least, now=clock.now())


def _new_state() -> str:
    """A state for this browser alone: its seed stays in the page cookie, the same for all of its tabs."""
    session.setdefault(_OAUTH_SEED, codes.new_token()[:16])
    return str(_states().dumps(session[_OAUTH_SEED]))


def _ensure_own_state(state: str) -> None:
    """Raises LoginStateInvalid for a state that is forged, old or another browser's.

    Else a link with somebody's own code would sign whoever opens it in as the sender, whose WeChat would then be bound
    to the phone that is proved there.
    """
    try:
        seed = _states().loads(state, max_age=OAUTH_STATE_LIFETIME_S)
    except BadSignature as error:
        raise LoginStateInvalid from error
    if seed != session.get(_OAUTH_SEED):
        raise LoginStateInvalid


def _states() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(context.settings().secret_key, salt="oauth-state")


def _wechat_identities(kind: IdentityKind, openid: str, unionid: str | None) -> dict[IdentityKind, str]:
    identities = {kind: openid}
    return identities | {IdentityKind.UNIONID: unionid} if unionid else identities


def _signed_in(
    identities: dict[IdentityKind, str],
    login: dict[str, Any],
    *,
    channel: str,
    openid: str | None,
    phone: str | None = None,
) -> ResponseReturnValue:
    """Recognise the person, start a session, tell them who they are."""
    now = clock.now()
    with atomic():
        member = _recognised(identities, login, phone, now=now)
        body = _start(member, channel=channel, openid=openid, now=now)
    return jsonify(body), 201


def _start(member: Member, *, channel: str, openid: str | None, now: datetime) -> dict[str, Any]:
    started = sessions.start(member.id, channel=channel, openid=openid, now=now)
    return {
        "token": member_auth.token_for(started),
        "expires_at": views.moment(started.expires_at),
        "member": views.member(member, now=now),
    }


def _recognised(
    identities: dict[IdentityKind, str], login: dict[str, Any], phone: str | None, *, now: datetime
) -> Member:
    arrival = joining.find_arrival(login["scene"], login["visit_key"])
    home = mall_queries.list_malls()[0].id if arrival is None else arrival.entrance.mall_id
    member = joining.recognise_member(identities, arrival=arrival, home_mall_id=home, now=now)
    return joining.verify_phone(member, phone, now=now) if phone else member
