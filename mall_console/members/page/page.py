"""One member as a mall knows them: of what they did only what they did there.

Every phone shown in full and every file of somebody's data stands in the audit log.
"""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from app.care import queries as care_queries
from app.care import wording as care_wording
from app.identity import member_search, members, queries
from app.identity.models import IdentityKind, Member
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import NotFound
from app.kernel.spelling.phones import mask_phone
from app.points.ledger import queries as points
from app.tiers.growth import growth
from app.tiers.standings import queries as standings
from app.web.pages import pages
from mall_console.kit import masks
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.members import seen
from mall_console.members.member_list import STATUSES
from mall_console.members.merging import merges
from mall_console.members.page import outlook, own_data, past, standing, tags, told, wecom
from mall_console.members.page.standing import Shown as Stands
from mall_console.members.records import lists

blueprint = Blueprint("member_page", __name__, url_prefix="/members")


@blueprint.get("/<public_id>")
@mall_required("member.view")
def member_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """One member; a merged one leads to whom they were merged into."""
    member = seen.get(workspace, public_id)
    if member.public_id != public_id:
        pages.say("该会员已合并，下面是合并后的会员")
        return redirect(f"{workspace.base}/members/{member.public_id}", 303)
    listing = lists.TABS[lists.chosen(workspace)].listing
    part = views.part_of(listing, workspace, key=public_id) if listing else None
    return part or _render(workspace, member)


@blueprint.post("/<public_id>/phone")
@mall_required("member.contact")
def show_phone(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """The phone in full, once, on the page that answers; who looked stands in the audit log."""
    member = seen.get(workspace, public_id)
    with atomic():
        workspace.record("member.show_phone", f"member:{member.id}", now=clock.now())
    return _render(workspace, seen.get(workspace, public_id), in_full=True)


@blueprint.post("/<public_id>/own-data")
@mall_required(own_data.PERMISSION)
def export(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """All that is kept about the member, as a file; who took it stands in the audit log."""
    member = seen.get(workspace, public_id)
    if not own_data.may_export(workspace):
        raise NotFound(member=public_id)
    kind = own_data.ExportForm.read().kind
    with atomic():
        workspace.record("member.export", f"member:{member.id}", now=clock.now(), facts={"kind": kind})
    return own_data.file(seen.get(workspace, public_id), kind)


def _render(workspace: Workspace, member: Member, *, in_full: bool = False) -> ResponseReturnValue:
    is_joined = queries.is_joined(member)
    stands = standing.read(member.id) if is_joined else None
    return render_template(
        "console/member.html",
        member=member,
        phone=members.phone_of(member) if in_full else None,
        statuses=STATUSES,
        told=told.read(workspace, member.id) if is_joined else (),
        name=told.read_name(member),
        expected=outlook.read_expected(member.id),
        asleep=outlook.read_asleep(member.id),
        cause_form=outlook.CauseForm,
        stands=stands,
        tags=tags.read(workspace, member.id),
        merges=merges.list_of(member.id),
        wecom=wecom.read(member.id),
        export_kinds=own_data.KINDS if own_data.may_export(workspace) else {},
        identities=_identities(workspace, member.id, in_full=in_full),
        **_account(member.id),
        **_tab(workspace, member, stands),
    )


def _identities(workspace: Workspace, member_id: int, *, in_full: bool) -> list[tuple[str, str, datetime]]:
    """What the member is recognised by, in words, with the day from which on; each phone by its own digits."""
    phones = members.phones_of(member_id)
    if not in_full:
        phones = {index: mask_phone(phone) for index, phone in phones.items()}
    return [
        (
            masks.IDENTITIES[one.kind],
            (phones.get(one.value) if one.kind == IdentityKind.PHONE else None) or masks.identity(workspace, one),
            one.bound_at,
        )
        for one in member_search.list_all_identities(member_id)
    ]


def _account(member_id: int) -> dict[str, Any]:
    now = clock.now()
    stand = standings.stand_of(member_id, now=now)
    return {
        "balance": points.get_balance(member_id, now=now),
        "growth": growth.value_of(member_id),
        "tier": stand.ladder.rung_of(stand.tier),
        "tier_until": None if stand.held is None else stand.held.last_day,
    }


def _tab(workspace: Workspace, member: Member, stands: Stands | None) -> dict[str, Any]:
    """The list that is asked for, or what the template of a short one shows."""
    tab, address = lists.chosen(workspace), f"{workspace.base}/members/{member.public_id}"
    shown: dict[str, Any] = {"tab": tab, "tabs": lists.tabs_for(workspace), "listed": None}
    listing = lists.TABS[tab].listing
    if listing is not None:
        return shown | {"listed": views.listed(listing, workspace, key=member.public_id, path=address)}
    match tab:
        case "care":
            most, care = care_queries.SHOWN, lists.read_care(workspace, member.id)
            return shown | {"care": care, "why": care_wording.WHY, "most_care": most}
        case "tags":
            return shown | {"tag_form": tags.TagForm}
        case _:
            asked = past.read(member.id, stands) if stands else None
            return shown | {"asked": asked, "versions": past.versions(), "newest": past.newest_day()}
