"""Lists of the members behind a figure of the lifecycle: what all of them show of how a member stands now."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from app.kernel.lists.keyset import Page
from app.lifecycle.stages.models import MemberStage
from mall_console.kit.listing import columns
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.workspace import Workspace
from mall_console.lifecycle import stage_lists
from mall_console.lifecycle.stage_lists import Stood


class Behind(Protocol):
    """A member with how they stand now, beside what the list is about."""

    @property
    def now(self) -> Stood: ...


R = TypeVar("R", bound=Behind)

MEMBER: Column[Any] = Column(
    key="member",
    head="会员",
    cell=lambda _, row: stage_lists.member_cell(row.now.member),
    look="main num",
    is_fixed=True,
)
NOW: Column[Any] = Column(key="now", head="现在", cell=lambda _, row: stage_lists.standing_cell(row.now))
WHY: Column[Any] = columns.text("why", "现在的原因", lambda row: row.now.why, look="wide")


def day(key: str, head: str, of: Callable[[Any], date | None]) -> Column[Any]:
    """A day of the mall's; a dash for none."""

    def written(row: Any) -> str | None:
        found = of(row)
        return None if found is None else found.isoformat()

    return columns.text(key, head, written, look="num nowrap")


def year(*, is_extra: bool = False) -> Column[Any]:
    """What they spent within a year."""
    return columns.money("year", "近一年消费", lambda row: row.now.stage.year_fen, is_extra=is_extra)


def behind(
    name: str,
    title: str,
    *,
    read: Callable[[Workspace, Wanted], Page[R]],
    columns: Sequence[Column[Any]],
    **own: Any,
) -> Listing[R]:
    """The list of a figure's members, each of whom leads to their page; `columns` come behind the member's own."""
    return Listing(
        name=name,
        title=title,
        permission="lifecycle.view",
        table=MemberStage,
        scope=lambda workspace: [workspace.condition("lifecycle.view", MemberStage.home_mall_id)],
        read=read,
        columns=(MEMBER, *columns),
        sorts=both_ways("member", "入会从晚到早", "入会从早到晚", MemberStage.member_id),
        link=lambda workspace, row: f"{workspace.base}/members/{row.now.member.public_id}",
        noun="位",
        icon="member",
        **own,
    )
