"""The case that people open for a member."""

from datetime import timedelta

from app.access.models import Role
from app.cases.kinds import CaseKind

MEMBER_REQUEST = CaseKind(
    code="member_request",
    role=Role.OPERATIONS,
    within=timedelta(days=2),
    outcomes={"settled": None, "explained": None, "unreachable": None},
)

CASE_KINDS = {MEMBER_REQUEST.code: MEMBER_REQUEST}
