"""What rows are called, for lists that show what another package keeps."""

import re
from collections.abc import Callable, Collection
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.db import db

# Names of things by what stands behind the colon of their subject; unknown ones are left out.
NamesOf = Callable[[Collection[str]], dict[str, str]]

V = TypeVar("V")

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


def labels_of(key: InstrumentedAttribute[int], label: InstrumentedAttribute[V], ids: Collection[int]) -> dict[int, V]:
    """The labels of the rows with these ids, by id; ids without a row are left out."""
    if not ids:
        return {}
    return dict(db.session.execute(select(key, label).where(key.in_(sorted(ids)))).tuples().all())


def by_number(labels: Callable[[Collection[int]], dict[int, str]]) -> NamesOf:
    """Names of things that subjects call by the row's number; whatever is no number has no name."""

    def names_of(found: Collection[str]) -> dict[str, str]:
        numbers = {int(which) for which in found if _NUMBER.fullmatch(which)}
        return {str(number): label for number, label in labels(numbers).items()}

    return names_of
