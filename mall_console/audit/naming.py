"""What entries of the audit log are about, in words: things by the names their packages give, else by their ids."""

from collections import defaultdict
from collections.abc import Iterable

from app.kernel import discovery
from app.kernel.lists.labels import NamesOf

NOUNS: dict[str, str] = discovery.merged("NOUNS", named="wording")
NAMES: dict[str, NamesOf] = discovery.merged("NAMES", named="audit_names")


def name_all(subjects: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Each subject `<kind>:<id>` as (kind, name) in words, with one query per kind."""
    parts = {subject: subject.partition(":") for subject in subjects}
    ids: dict[str, set[str]] = defaultdict(set)
    for kind, _, which in parts.values():
        ids[kind].add(which)
    names = {kind: NAMES[kind](wanted) for kind, wanted in ids.items() if kind in NAMES}
    return {
        subject: (NOUNS.get(kind, kind), names.get(kind, {}).get(which) or _told(which))
        for subject, (kind, _, which) in parts.items()
    }


def _told(which: str) -> str:
    """What the id itself says; long ids keep their end, where neighbours differ."""
    last = which.rpartition(":")[2]
    if which == "none":
        return "未找到"
    return last if len(last) <= 12 else f"…{last[-8:]}"
