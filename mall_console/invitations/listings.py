"""The list of invitations: who invited whom, how it stands, what it brought."""

from typing import NamedTuple

from app.identity import queries as identity
from app.identity.models import Member
from app.invitations import queries, wording
from app.invitations.models import Invitation, Status
from app.kernel.lists.keyset import Order, Page
from mall_console.kit.listing import cells, columns
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Sort, Wanted
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace
from mall_console.lifecycle.stage_lists import members_of

_TONES = {
    Status.JOINED.value: "plain",
    Status.ACTED.value: "cool",
    Status.ASKED.value: "warn",
    Status.PAID.value: "good",
    Status.VOID.value: "plain",
}
_EARLIEST = Order(Invitation.joined_at, Invitation.inviter_id, Invitation.member_id)


class Invited(NamedTuple):
    """An invitation with both people, as they are now."""

    invitation: Invitation
    inviter: Member
    friend: Member


def people_of(ids: set[int]) -> dict[int, Member]:
    """Members by the numbers that rows have, each as who they are now."""
    found = members_of(ids)
    return {number: row if row.merged_into_id is None else identity.get_member(number) for number, row in found.items()}


def _read(workspace: Workspace, wanted: Wanted) -> Page[Invited]:
    page = queries.list_invitations(*wanted.where, order=wanted.order, asked=wanted.asked)
    who = people_of({number for one in page for number in (one.inviter_id, one.member_id)})
    return page.with_items([Invited(one, who[one.inviter_id], who[one.member_id]) for one in page])


def _friend(workspace: Workspace, row: Invited) -> Cell:
    return cells.member(workspace, row.friend, otherwise="已注销")


def _state(_: Workspace, row: Invited) -> Cell:
    one = row.invitation
    small = "" if one.why is None else wording.WHYS[one.why]
    return Cell(text=wording.STATUSES[one.status], small=small, tone=_TONES[one.status])


def _act(row: Invited) -> str | None:
    return None if row.invitation.act is None else wording.ACTS[row.invitation.act]


INVITATIONS: Listing[Invited] = Listing(
    name="invitations",
    title="邀请记录",
    permission="invitation.view",
    table=Invitation,
    scope=lambda workspace: [workspace.condition("invitation.view", Invitation.mall_id)],
    read=_read,
    columns=(
        columns.moment("joined", "好友入会", lambda row: row.invitation.joined_at, sort="joined", is_fixed=True),
        Column(
            key="inviter",
            head="邀请人",
            cell=lambda workspace, row: cells.member(workspace, row.inviter, otherwise="已注销"),
            look="num",
        ),
        Column(key="friend", head="好友", cell=_friend, look="num"),
        columns.text("act", "首次行为", _act),
        columns.moment("acted", "行为时间", lambda row: row.invitation.acted_at),
        Column(key="state", head="状态", cell=_state),
        columns.count("points", "积分", lambda row: row.invitation.points or None),
        columns.count("growth", "成长值", lambda row: row.invitation.growth or None),
    ),
    filters=(
        Choice("status", "状态", wording.STATUSES, lambda code: Invitation.status == code, "全部状态"),
        Choice("why", "无奖励原因", wording.WHYS, lambda code: Invitation.why == code, "全部原因"),
        Days("joined", "入会日期", Invitation.joined_at),
    ),
    sorts=(
        Sort("-joined", "入会由近到远", queries.ORDER),
        Sort("joined", "入会由远到近", _EARLIEST),
    ),
    noun="个",
    icon="invite",
    nothing="还没有邀请记录",
    hint="会员在小程序「我的 - 邀请好友」里分享链接或海报，好友入会后会出现在这里。",
)
