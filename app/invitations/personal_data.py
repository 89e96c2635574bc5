"""Personal data: a member's own codes, what their invitations brought, and by whose they joined: not who that was."""

from typing import Any

from sqlalchemy import Select, select

from app.invitations.models import Invitation, InvitationCode
from app.kernel.personal_data import Ids, Sections
from app.malls.models import Mall


def _codes(ids: Ids) -> Select[Any]:
    one = InvitationCode
    return (
        select(Mall.name.label("mall"), one.code, one.made_at, one.device.is_not(None).label("device_known"))
        .join(Mall, Mall.id == one.mall_id)
        .where(one.member_id.in_(ids))
        .order_by(one.made_at, one.code)
    )


def _made(ids: Ids) -> Select[Any]:
    one = Invitation
    return (
        select(
            Mall.name.label("mall"),
            one.joined_at,
            one.status,
            one.acted_at,
            one.closed_at,
            one.why,
            one.points,
            one.growth,
        )
        .join(Mall, Mall.id == one.mall_id)
        .where(one.inviter_id.in_(ids))
        .order_by(one.joined_at, one.member_id)
    )


def _invited(ids: Ids) -> Select[Any]:
    one = Invitation
    return (
        select(Mall.name.label("mall"), one.joined_at, one.acted_at, one.device.is_not(None).label("device_known"))
        .join(Mall, Mall.id == one.mall_id)
        .where(one.member_id.in_(ids))
        .order_by(one.joined_at)
    )


SECTIONS: Sections = {
    "invitation_codes": _codes,
    "invitations": _made,
    "invited": _invited,
}
