"""What the form of a segment shows while it is built: the tree with its faults, and how many members it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request

from app.identity.asking.fields import OPERATORS
from app.identity.models import Member
from app.kernel import clock, wording
from app.kernel.spelling import marks
from app.lifecycle.segments import queries, reading
from app.lifecycle.segments.definitions import MOST_DEPTH, Node
from app.lifecycle.segments.errors import DefinitionWrong, Fault, SegmentTooSlow
from app.lifecycle.segments.known_fields import all_fields
from app.lifecycle.segments.models import Segment
from app.lifecycle.segments.wording import ERRORS, FAULTS
from app.tiers.standings import queries as tiers
from mall_console.kit import everywhere
from mall_console.kit.workspace import Workspace
from mall_console.segments import drafts, words
from mall_console.segments.drafts import Group, Leaf

EDIT = "segment.edit"
MOST_TITLE = 30
# What is still to come while somebody builds, and so nothing to point at.
_NOT_YET = {FAULTS[fault] for fault in (Fault.EMPTY, Fault.VALUE_MISSING)}
_MONTHS = {str(month): wording.month_name(month) for month in range(1, 13)}


@dataclass(kw_only=True)
class Building:
    """A segment as its form holds it: `problems` of fields by name, `faults` of parts of the tree by path.

    `segment` is the one that is changed, None for a new one; `seen` the version that the person began with.
    """

    title: str = ""
    is_nightly: bool = False
    is_group: bool = False
    root: Group = field(default_factory=Group)
    segment: Segment | None = None
    seen: int = 0
    problems: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def mall_id(self, workspace: Workspace) -> int | None:
        """Whose members are meant: a mall's or (None) the group's."""
        if self.segment is not None:
            return self.segment.mall_id
        return None if self.is_group else workspace.mall.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many members are meant, and some of them with their tiers; `obstacle` says why nobody knows."""

    count: int | None = None
    obstacle: str = ""
    sample: Sequence[tuple[Member, str]] = ()


def keeps_group(workspace: Workspace) -> bool:
    """Whether the person keeps every mall, and so makes segments of the whole group."""
    return everywhere.may(workspace, EDIT)


def may_change(workspace: Workspace, segment: Segment) -> bool:
    """Whether the person may change the segment."""
    is_in_use = segment.archived_at is None
    return is_in_use and workspace.can(EDIT) and (segment.mall_id is not None or keeps_group(workspace))


def of(segment: Segment) -> Building:
    """The form with what the segment means; raises NotFound."""
    data = queries.get_version(segment).definition
    try:
        root = drafts.of(reading.read(data, all_fields(), mall_id=segment.mall_id))
    except DefinitionWrong:
        root = Group()
    return Building(
        title=segment.title,
        is_nightly=segment.is_nightly,
        is_group=segment.mall_id is None,
        root=root,
        segment=segment,
        seen=segment.version,
    )


def sent(workspace: Workspace, segment: Segment | None) -> Building:
    """The form as it was sent."""
    form = request.form
    seen = form.get("seen", "")
    return Building(
        title=marks.one_line_as_written(form.get("title", "")),
        is_nightly=form.get("keeping") == "nightly",
        is_group=form.get("place") == "group" and keeps_group(workspace),
        root=drafts.read(form.getlist),
        segment=segment,
        seen=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0,
    )


def read(building: Building, workspace: Workspace) -> Node | None:
    """The definition; None when it has faults, which the form then shows."""
    try:
        data = drafts.as_data(building.root)
        return reading.read(data, all_fields(), mall_id=building.mall_id(workspace))
    except DefinitionWrong as wrong:
        root = drafts.ROOT
        building.faults = {f"{root}.{one.path}" if one.path else root: FAULTS[one.fault] for one in wrong.faults}
        return None


def count(building: Building, workspace: Workspace) -> Counted:
    """How many members the form means by now; parts that are not filled in yet are pointed at."""
    mall_id, now = building.mall_id(workspace), clock.now()
    root = read(building, workspace)
    if root is None:
        return Counted(obstacle=_obstacle(building))
    try:
        number = queries.count(root, mall_id=mall_id, now=now)
    except SegmentTooSlow as slow:
        return Counted(obstacle=ERRORS[slow.code])
    found = queries.sample(root, mall_id=mall_id, now=now) if number else []
    tier = tiers.tiers_of([member.id for member in found], now=clock.now())
    return Counted(count=number, sample=[(member, tier[member.id]) for member in found])


def _obstacle(building: Building) -> str:
    """What keeps the form from being counted: parts that nobody filled in yet, unless something filled in is wrong."""
    for path, text in building.faults.items():
        if text not in _NOT_YET:
            part = drafts.find(building.root, path)
            return f"「{words.NAMES[part.code]}」{text}" if isinstance(part, Leaf) and part.known else text
    return "填好全部条件后，这里会显示人数" if building.root.parts else "添加条件后，这里会显示人数"


def shown(building: Building, workspace: Workspace) -> Mapping[str, Any]:
    """What the template of the conditions needs."""
    mall_id = building.mall_id(workspace)
    return {
        "building": building,
        "root": drafts.ROOT,
        "subjects": words.by_subject(),
        "names": words.NAMES,
        "codes": lambda leaf: words.codes(leaf.known, mall_id),
        "operators": lambda leaf: words.operators(leaf.known, OPERATORS[leaf.known.kind]),
        "unit": lambda leaf: words.unit(leaf.known),
        "is_leaf": lambda part: isinstance(part, Leaf),
        "months": _MONTHS,
        "most_depth": MOST_DEPTH,
    }
