"""The case that a proof of points raises."""

from datetime import timedelta

from app.access.models import Role
from app.cases.kinds import CaseKind

POINTS_DIFFER = CaseKind(
    code="points_differ",
    role=Role.FINANCE,
    within=timedelta(days=1),
    outcomes={"mended": None, "explained": None},
)
CASE_KINDS = {POINTS_DIFFER.code: POINTS_DIFFER}
CASE_RAISERS = ()
