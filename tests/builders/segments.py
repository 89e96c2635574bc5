"""Segments."""

from typing import Any

from app.kernel import clock
from app.lifecycle.segments import reading, segments
from app.lifecycle.segments.definitions import Node
from app.lifecycle.segments.known_fields import all_fields
from app.lifecycle.segments.models import Segment
from app.lifecycle.segments.segments import Author
from app.malls.models import Mall

BY = Author(staff_id=1, name="王芳")
JOINED_LATELY = {"field": "joined", "operator": "within", "value": 7}


def read_definition(root: dict[str, Any]) -> Node:
    """The tree that the data says, for the group."""
    return reading.read({"version": 1, "root": root}, all_fields(), mall_id=None)


def make_segment(
    mall: Mall | None,
    root: dict[str, Any] = JOINED_LATELY,
    *,
    title: str = "新会员",
    is_nightly: bool = False,
) -> Segment:
    """A segment of a mall's members or, without one, of the group's."""
    mall_id = None if mall is None else mall.id
    node = read_definition({"all": [root]} if "field" in root else root)
    return segments.create(title, node, mall_id=mall_id, is_nightly=is_nightly, by=BY, now=clock.now())
