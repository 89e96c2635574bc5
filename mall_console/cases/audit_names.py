"""What the audit log calls cases: by what they ask."""

from collections.abc import Collection

from app.cases import queries
from app.kernel.lists.labels import by_number
from mall_console.cases.words import KINDS


def _titles_of(case_ids: Collection[int]) -> dict[int, str]:
    return {case_id: str(KINDS[kind]["title"]) for case_id, kind in queries.kinds_of(case_ids).items()}


NAMES = {"case": by_number(_titles_of)}
