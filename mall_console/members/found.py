"""Members among whom somebody chooses: masked, with what tells them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.identity import people
from app.identity.models import Member
from app.kernel import clock
from app.tiers.standings import queries as tiers
from app.timeline import queries as timeline
from mall_console.kit.workspace import Workspace
from mall_console.members.page import told

MOST = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A member with their masked name, tier, and when they were last in this mall."""

    member: Member
    name: str
    tier: str
    last_there: datetime | None


def describe(workspace: Workspace, members: Sequence[Member]) -> list[Row]:
    """What tells the members apart."""
    ids = [member.id for member in members]
    tier = tiers.tiers_of(ids, now=clock.now())
    last = timeline.last_there(people.list_whose(ids), mall_id=workspace.mall.id)
    return [Row(one, told.read_name(one), tier[one.id], last.get(one.id)) for one in members]
