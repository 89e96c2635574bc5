"""Whom a mall sees: those whose home it is, and those who have been there."""

from collections.abc import Sequence

from app.identity import people, queries
from app.identity.models import Member
from app.kernel.errors import NotFound
from app.timeline import queries as timeline
from mall_console.kit.workspace import Workspace


def get(workspace: Workspace, public_id: str) -> Member:
    """The member, or whom they were merged into; raises NotFound for who has nothing to do with this mall."""
    found = queries.find_member_by_public_id(public_id)
    if found is None:
        raise NotFound(member=public_id)
    member = queries.get_member(found.id)
    if not is_visible(workspace, member):
        raise NotFound(member=public_id)
    return member


def among(workspace: Workspace, members: Sequence[Member]) -> list[Member]:
    """Those of the members who have to do with this mall, under whatever number."""
    strangers = [member.id for member in members if member.home_mall_id != workspace.mall.id]
    numbers = people.find_people(strangers).numbers if strangers else []
    been = timeline.list_been_in([number for number, _ in numbers], workspace.mall.id) if numbers else set()
    guests = {person for number, person in numbers if number in been}
    return [member for member in members if member.home_mall_id == workspace.mall.id or member.id in guests]


def is_visible(workspace: Workspace, member: Member) -> bool:
    """Whether the member has to do with this mall."""
    return is_seen_in(workspace.mall.id, member)


def is_seen_in(mall_id: int, member: Member) -> bool:
    """Whether the member has to do with a mall."""
    return member.home_mall_id == mall_id or timeline.has_been_in(queries.list_person_ids(member.id), mall_id)
