"""Friends whom I invite: my code, link and poster, who joined by it (masked), and what it brought."""

import base64
from collections.abc import Sequence
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from app.benefits.grants import grants, offering
from app.entrances.errors import EntranceNotFound
from app.identity import queries
from app.identity.errors import MemberRequired
from app.identity.models import Member
from app.identity.queries import lock_joined
from app.invitations import codes, rule_sets, rules, wording
from app.invitations import queries as invitations
from app.invitations.models import Invitation, InvitationCode, Status
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.wording import day_text
from app.malls import queries as malls
from app.malls.models import Mall
from app.pictures import queries as pictures
from app.points.earning import rule_sets as earning
from app.points.earning import wording as earning_words
from app.points.earning.acts import ActKind, ActRule
from app.tiers.growth import rule_sets as growth
from app.tiers.growth import wording as growth_words
from app.tiers.growth.rule_sets import Rules as GrowthRules
from app.web import commands, context, member_auth
from app.web.member_auth import Caller
from app.web.pages import share_poster
from app.workers.entrance_codes import JOIN_PAGE
from app.workers.invitations import pictures as code_pictures
from member_api.kit import kit, views
from member_api.kit.kit import MoneyCount

blueprint = kit.make_blueprint("invitations", "Friends whom the member invites")

DEVICE = validate.Regexp(r"^[A-Za-z0-9_-]{8,64}$")


class InvitationCodeRequest(kit.Strict):
    """The phone's own random name: who joins on it themselves is no friend."""

    device = fields.String(load_default=None, allow_none=True, validate=DEVICE)


class InvitationCodeView(Schema):
    """My code of my mall: its link, the mini-program's page, what to say with it, what a friend brings, the rules.

    `when`: from when on a friend counts, as part of a sentence.
    """

    code = fields.String(required=True)
    link = fields.String(required=True)
    page = fields.String(required=True)
    title = fields.String(required=True)
    points = MoneyCount(required=True)
    growth = MoneyCount(required=True)
    when = fields.String(required=True)
    rules = fields.List(fields.String(), required=True)


class FriendView(Schema):
    """A friend who joined: masked, with how it stands and what they brought."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    joined_at = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([one.value for one in Status]))
    state_name = fields.String(required=True)
    note = fields.String(required=True)
    points = MoneyCount(required=True)
    growth = MoneyCount(required=True)


class FriendsView(Schema):
    """A page of friends, the latest first, and what all of them came to; `left` may still count this month."""

    items = fields.List(fields.Nested(FriendView), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    joined = MoneyCount(required=True)
    came = MoneyCount(required=True)
    points = MoneyCount(required=True)
    growth = MoneyCount(required=True)
    left = MoneyCount(required=True)


class InvitationPosterView(Schema):
    """My poster as a picture (a data URI) and its file name."""

    picture = fields.String(required=True)
    name = fields.String(required=True)


@blueprint.post("/members/me/invitation-code")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(InvitationCodeRequest)
@blueprint.response(200, InvitationCodeView)
@blueprint.alt_response(403, schema=kit.ErrorView)
@member_auth.member_required
def open_code(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    """My code of my mall, made when I ask for it first."""
    return commands.run_once(caller.name, told, lambda: _open(caller, told))


def _open(caller: Caller, told: dict[str, Any]) -> commands.Answer:
    now = clock.now()
    member = lock_joined(caller.member.id)
    mall = malls.get_mall(member.home_mall_id)
    code = codes.ensure_code(member.id, mall, device=told["device"], now=now)
    today = clock.business_date(now)
    invited = [one for one in earning.in_force(mall.id, today).acts if one.kind is ActKind.INVITATION]
    grown, counted = growth.in_force(today), rule_sets.in_force(mall.id, today)
    return 200, {
        "code": code.code,
        "link": _link(code),
        "page": f"/{JOIN_PAGE}?scene={codes.scene_of(code)}",
        "title": _headline(code),
        "points": sum(one.points for one in invited),
        "growth": grown.invitation_growth,
        "when": wording.when(counted),
        "rules": wording.say(counted, gives=_gives(invited, grown)),
    }


def _gives(invited: Sequence[ActRule], grown: GrowthRules) -> list[str]:
    """What a friend brings, as the rules of points and of growth say it."""
    points = [earning_words.friend_line(one) for one in invited]
    return [*points, growth_words.friend_line(grown)] if grown.invitation_growth else points


def _link(code: InvitationCode) -> str:
    return f"{context.settings().public_url}/h5/?scene={codes.scene_of(code)}"


def _headline(code: InvitationCode) -> str:
    """What the entrance says, as operations worded it."""
    return codes.get_scanned(codes.scene_of(code)).found.counted.headline


@blueprint.get("/members/me/invitations")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.arguments(kit.PageRequest, location="query")
@blueprint.response(200, FriendsView)
@member_auth.member_required
def list_mine(caller: Caller, page: dict[str, Any]) -> ResponseReturnValue:
    """Friends who joined by my code, the latest first."""
    member = caller.member
    ids = queries.list_person_ids(member.id)
    found = invitations.list_invitations(Invitation.inviter_id.in_(ids), order=invitations.MINE, asked=kit.asked(page))
    came = invitations.came_of(ids)
    return jsonify(
        {
            "items": _friends(found.items),
            "next_cursor": found.next,
            "joined": came.joined,
            "came": came.acted,
            "points": came.points,
            "growth": came.growth,
            "left": _left(ids, member.home_mall_id),
        }
    )


def _left(ids: Sequence[int], mall_id: int) -> int:
    """How many friends who come this month may still count."""
    now = clock.now()
    since, until = rules.month_of(now)
    most = rule_sets.in_force(mall_id, clock.business_date(now)).most_a_month
    return max(most - invitations.count_paid(ids, mall_id, since=since, until=until), 0)


def _friends(found: Sequence[Invitation]) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Member).where(Member.id.in_([one.member_id for one in found])))
    who = {row.id: row if row.merged_into_id is None else queries.get_member(row.id) for row in rows}
    return [_friend(one, who[one.member_id]) for one in found]


def _friend(one: Invitation, friend: Member) -> dict[str, Any]:
    return {
        "id": friend.public_id,
        "name": views.masked(friend),
        "joined_at": views.moment(one.joined_at),
        "state": one.status,
        "state_name": wording.STATUSES[one.status],
        "note": _note(one),
        "points": one.points,
        "growth": one.growth,
    }


def _note(one: Invitation) -> str:
    """What there is to know of how it stands."""
    if one.why is not None:
        return wording.WHYS[one.why]
    if one.status == Status.ACTED.value and one.look_at is not None and one.act is not None:
        return f"已{wording.ACTS[one.act]}，{day_text(clock.business_date(one.look_at))}发放"
    return wording.NOTES.get(one.status, "")


@blueprint.get("/members/me/invitations/poster")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, InvitationPosterView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@member_auth.member_required
def poster(caller: Caller) -> ResponseReturnValue:
    """My poster to save and send: the mini-program's code while the platform gives one, else that of the link."""
    member = caller.member
    if not queries.is_joined(member):
        raise MemberRequired
    with atomic():
        code = codes.find_code(member.id, member.home_mall_id)
        if code is None:
            raise EntranceNotFound
        name, scene, link, headline = code.code, codes.scene_of(code), _link(code), _headline(code)
    image = code_pictures.fetch(context.gateway().mini, name, scene)
    with atomic():
        drawn = _poster(malls.get_mall(member.home_mall_id), member, headline, link, image)
    picture = share_poster.as_jpeg(drawn)
    uri = "data:image/jpeg;base64," + base64.b64encode(picture).decode()
    return jsonify({"picture": uri, "name": f"{drawn.mall}-邀请海报.jpg"})


def _poster(mall: Mall, member: Member, headline: str, link: str, image: bytes | None) -> share_poster.SharePoster:
    shown = pictures.shown_by("mall", mall.id)
    offers = offering.list_available(mall.id, trigger=grants.JOIN, now=clock.now())
    return share_poster.SharePoster(
        mall=mall.name,
        accent=mall.accent,
        inviter=views.masked(member),
        headline=headline,
        gifts=[one.title for one in offers][: share_poster.MOST_GIFTS],
        code=image,
        link=link,
        cover=None if shown["cover"] is None else pictures.get_image(shown["cover"], 960).content,
        logo=None if shown["logo"] is None else pictures.get_image(shown["logo"], 384).content,
    )
