"""Rules of earning that give members of a segment more: those in force, and those to come."""

from collections.abc import Sequence

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.segments.models import Segment
from app.lifecycle.segments.uses import Use
from app.malls.models import Mall
from app.points.earning import documents, rule_sets
from app.points.earning.extras import SegmentExtra
from app.points.earning.models import EarningRules


def _uses(segment: Segment) -> Sequence[Use]:
    names = select(EarningRules.mall_id).where(
        EarningRules.document.path_exists(f'$.extras[*] ? (@.segment == "{segment.public_id}")')
    )
    malls = db.session.scalars(select(Mall).where(Mall.id.in_(names)).order_by(Mall.id)).all()
    today = clock.business_date(clock.now())
    found = [(mall, version) for mall in malls for version in rule_sets.list_current(mall.id, today=today)]
    return [
        Use(f"{mall.name} {version.effective_from}", "/points/rules")
        for mall, version in found
        if any(
            isinstance(extra, SegmentExtra) and extra.segment == segment.public_id
            for extra in documents.to_rules(version.document).extras
        )
    ]


SEGMENT_USES = {"earning": _uses}
