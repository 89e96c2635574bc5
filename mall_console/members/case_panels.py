"""What the page of a case about members shows beside the question."""

from mall_console.kit.evidence import Panel
from mall_console.members.merging import comparing
from mall_console.members.service import approvals

CASE_PANELS = {
    "duplicate_members": Panel("console/_members_compared.html", comparing.compare),
    "points_adjustment": Panel("console/_adjustment_asked.html", approvals.show),
}
