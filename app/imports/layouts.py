"""How a file's headings were understood before."""

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import select

from app.imports.models import ImportLayout, Kind
from app.kernel.db import db
from app.kernel.spelling import marks


def spell(heading: str) -> str:
    """A heading without what people and programs write differently: width, case, blanks, marks that nobody sees."""
    return "".join(marks.folded(heading).casefold().split())


def digest_of(headings: Sequence[str]) -> str:
    """The same for the same headings in the same order."""
    return hashlib.sha256(json.dumps([spell(heading) for heading in headings]).encode()).hexdigest()


def find(mall_id: int, kind: Kind, headings: Sequence[str]) -> ImportLayout | None:
    """What was last said about such a file in the mall."""
    return db.session.scalar(
        select(ImportLayout).where(
            ImportLayout.mall_id == mall_id,
            ImportLayout.kind == kind.value,
            ImportLayout.headings_digest == digest_of(headings),
        )
    )
