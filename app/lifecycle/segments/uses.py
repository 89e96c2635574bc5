"""Where segments are used, as the packages that use them tell (`SEGMENT_USES` of their `segment_uses.py`).

A segment that is used cannot be taken out of use, and stays kept if it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.kernel import discovery
from app.lifecycle.segments.errors import SegmentUsed
from app.lifecycle.segments.models import Segment


@dataclass(frozen=True, slots=True)
class Use:
    """A thing that stands on a segment: what it is called, and its address below its mall's in the console."""

    title: str
    path: str


# The uses of a segment by things of one kind.
Finder = Callable[[Segment], Sequence[Use]]


@cache
def all_finders() -> Mapping[str, Finder]:
    """Every finder by the code of the kind of things that it looks among; raises ExportedTwice."""
    found: dict[str, Finder] = discovery.merged("SEGMENT_USES", named="segment_uses", below=["app"])
    return found


def list_uses(segment: Segment) -> list[tuple[str, Use]]:
    """Where the segment is used: the kind of thing, and which."""
    return [(kind, use) for kind, find in sorted(all_finders().items()) for use in find(segment)]


def ensure_unused(segment: Segment) -> None:
    """Raises SegmentUsed with the places when anything stands on a locked segment."""
    found = list_uses(segment)
    if found:
        raise SegmentUsed(places=[use.title for _, use in found])
