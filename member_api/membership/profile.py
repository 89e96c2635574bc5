"""What I told of myself: read, told bit by bit, taken back, and whether anything is concluded from it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.flows.privacy import profiling
from app.identity import preferences
from app.identity import queries as identity_queries
from app.identity.errors import MemberRequired
from app.identity.profiles import households, profiles, queries, rules, wording
from app.identity.profiles.models import Nearby
from app.identity.profiles.queries import Household, Profile
from app.identity.profiles.rules import Birthday, Field
from app.kernel import clock
from app.kernel.errors import NotFound
from app.web import commands, member_auth
from app.web.member_auth import Caller
from member_api.kit import answers, kit, views
from member_api.kit.kit import MoneyCount

blueprint = kit.make_blueprint("profile", "What the member told of themselves")

FIELD = validate.OneOf([field.value for field in Field])
_CHILDREN = validate.Range(0, rules.MOST_CHILDREN)


class OptionView(Schema):
    """Something to choose, by code and in words."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class BirthdayView(Schema):
    """A birthday, and when it is next; `year` is null for who did not tell it."""

    month = fields.Integer(required=True)
    day = fields.Integer(required=True)
    year = fields.Integer(required=True, allow_none=True)
    next_on = fields.Date(required=True)


class ChildrenView(OptionView):
    """How many children there are of one age."""

    count = MoneyCount(required=True)


class HouseholdView(Schema):
    """The children of the household, every age named, and when that was told."""

    children = fields.List(fields.Nested(ChildrenView), required=True)
    told_at = fields.DateTime(required=True)


class ProfileView(Schema):
    """What I told; null is untold. `asks` may still be asked for, in this order.

    `birthday_changes_from`: the day from which on a birthday may be told or changed again; null: it may be now.
    """

    completeness_bps = MoneyCount(required=True)
    asks = fields.List(fields.String(validate=FIELD), required=True)
    preferences = fields.List(fields.String(), required=True)
    preference_options = fields.List(fields.Nested(OptionView), required=True)
    birthday = fields.Nested(BirthdayView, required=True, allow_none=True)
    birthday_changes_from = fields.Date(required=True, allow_none=True)
    nearby = fields.String(required=True, allow_none=True)
    nearby_options = fields.List(fields.Nested(OptionView), required=True)
    household = fields.Nested(HouseholdView, required=True, allow_none=True)
    household_bands = fields.List(fields.Nested(OptionView), required=True)
    household_consent = fields.Nested(answers.ConsentView, required=True)
    most_children = MoneyCount(required=True)
    profiling = fields.Boolean(required=True)
    profiling_off_at = fields.DateTime(required=True, allow_none=True)


class CompletenessView(Schema):
    """How complete the profile is now, in basis points: a kept answer says nothing of what was told."""

    completeness_bps = MoneyCount(required=True)


class BirthdayRequest(kit.Strict):
    """A month and a day; the year only from who wants to tell it."""

    month = fields.Integer(required=True, strict=True, validate=validate.Range(1, 12))
    day = fields.Integer(required=True, strict=True, validate=validate.Range(1, 31))
    year = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 9999))


class NearbyRequest(kit.Strict):
    """What is near the mall."""

    nearby = fields.String(required=True, validate=validate.OneOf([one.value for one in Nearby]))


class HouseholdRequest(kit.Strict):
    """How many children of each age there are, and the version of the text that is agreed to with it."""

    consent_version = fields.String(required=True, validate=validate.Length(1, 32))
    age_0_2 = MoneyCount(required=True, validate=_CHILDREN)
    age_3_6 = MoneyCount(required=True, validate=_CHILDREN)
    age_7_12 = MoneyCount(required=True, validate=_CHILDREN)
    age_13_17 = MoneyCount(required=True, validate=_CHILDREN)


class SkipRequest(kit.Strict):
    """What is not to be asked for again."""

    field = fields.String(required=True, validate=FIELD)


class ProfilingRequest(kit.Strict):
    """Whether anything may be concluded about me."""

    profiling = fields.Boolean(required=True, truthy={True}, falsy={False})


@blueprint.get("/members/me/profile")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, ProfileView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@member_auth.member_required
def show(caller: Caller) -> ResponseReturnValue:
    """What I told, what could be asked for, and the text about households."""
    if not identity_queries.is_joined(caller.member):
        raise MemberRequired
    now = clock.now()
    document = identity_queries.current_document(households.HOUSEHOLD, now=now)
    profile = queries.get_profile(caller.member.id)
    consent = {"version": document.version, "title": document.title, "body": document.body}
    return jsonify(_told(profile, today=clock.business_date(now)) | {"household_consent": consent})


def _told(profile: Profile, *, today: date) -> dict[str, Any]:
    changes_from = rules.may_change_from(profile.birthday_changed_on)
    return {
        "completeness_bps": profile.completeness_bps,
        "asks": [field.value for field in profile.open_fields],
        "preferences": list(profile.preferences),
        "preference_options": _options(preferences.CATEGORIES),
        "birthday": profile.birthday and _birthday(profile.birthday, today=today),
        "birthday_changes_from": str(changes_from) if changes_from is not None and changes_from > today else None,
        "nearby": profile.nearby,
        "nearby_options": _options(wording.NEARBY),
        "household": profile.household and _household(profile.household),
        "household_bands": _options(wording.BANDS),
        "most_children": rules.MOST_CHILDREN,
        "profiling": profile.profiling_off_at is None,
        "profiling_off_at": views.moment(profile.profiling_off_at),
    }


def _options(names: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "name": name} for code, name in names.items()]


def _birthday(birthday: Birthday, *, today: date) -> dict[str, Any]:
    return {
        "month": birthday.month,
        "day": birthday.day,
        "year": birthday.year,
        "next_on": str(birthday.next_on(today)),
    }


def _household(household: Household) -> dict[str, Any]:
    children = [{**option, "count": household.children[option["code"]]} for option in _options(wording.BANDS)]
    return {"children": children, "told_at": views.moment(household.told_at)}


@blueprint.post("/members/me/profile/birthday")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(BirthdayRequest)
@blueprint.response(200, CompletenessView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@member_auth.member_required
def tell_birthday(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    """Tell my birthday, or change it, which goes once a year; adding the year goes always."""
    birthday = Birthday(told["month"], told["day"], told["year"])
    return _run(caller, told, lambda member_id, now: profiles.tell_birthday(member_id, birthday, now=now))


@blueprint.post("/members/me/profile/nearby")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(NearbyRequest)
@blueprint.response(200, CompletenessView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@member_auth.member_required
def tell_nearby(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    """Tell whether I live or work near the mall."""
    nearby = Nearby(told["nearby"])
    return _run(caller, told, lambda member_id, now: profiles.tell_nearby(member_id, nearby, now=now))


@blueprint.post("/members/me/profile/household")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(HouseholdRequest)
@blueprint.response(200, CompletenessView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@member_auth.member_required
def tell_household(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    """Agree to the text about households and tell how many children of which age there are, which may be none."""
    children = {band: told[band] for band in rules.BANDS}

    def act(member_id: int, now: datetime) -> None:
        households.tell(member_id, children, consent_version=told["consent_version"], channel=caller.channel, now=now)

    return _run(caller, told, act)


@blueprint.delete("/members/me/profile/<string:field>")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.response(204)
@blueprint.alt_response(403, schema=kit.ErrorView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@member_auth.member_required
def take_back(caller: Caller, field: str) -> ResponseReturnValue:
    """Erase what I told for a field; the household goes with my consent to it. Again changes nothing."""
    return _run(caller, {}, lambda member_id, now: profiles.take_back(member_id, _field(field), now=now), status=204)


def _field(name: str) -> Field:
    if name not in list(Field):
        raise NotFound(field=name)
    return Field(name)


@blueprint.post("/members/me/profile/skips")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(SkipRequest)
@blueprint.response(200, CompletenessView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@member_auth.member_required
def skip(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    """Do not ask me for this again; I may still tell it."""
    return _run(caller, told, lambda member_id, now: profiles.skip(member_id, Field(told["field"]), now=now))


@blueprint.post("/members/me/profile/profiling")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(ProfilingRequest)
@blueprint.response(200, CompletenessView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@member_auth.member_required
def decide(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    """Switch on or off that anything is concluded about me; benefits, points and tier stay as they are."""
    act = profiling.allow_profiling if told["profiling"] else profiling.stop_profiling
    return _run(caller, told, lambda member_id, now: act(member_id, now=now))


def _run(
    caller: Caller, told: dict[str, Any], act: Callable[[int, datetime], None], *, status: int = 200
) -> ResponseReturnValue:
    """Do it as a command of the caller, and answer how complete the profile is then."""

    def command() -> commands.Answer:
        act(caller.member.id, clock.now())
        member = identity_queries.get_member(caller.member.id)
        return status, {"completeness_bps": queries.get_profile(member.id).completeness_bps}

    return commands.run_once(caller.name, told, command)
