"""Refusals about tags that people give."""

from app.kernel.errors import DomainError


class ProfilingOff(DomainError):
    """A member who switched profiling off bears no tags."""

    kind = "conflict"
    code = "tag_profiling_off"


class ManualTagTaken(DomainError):
    """The mall has another tag of this name. Fact: name."""

    kind = "conflict"
    code = "manual_tag_taken"


class TooManyManualTags(DomainError):
    """The mall, or the member, has as many as can be kept apart. Fact: most."""

    kind = "conflict"
    code = "too_many_manual_tags"
