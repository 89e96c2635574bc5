"""Two members say that the same receipt is theirs."""

from datetime import datetime, timedelta

from app.access.models import Role
from app.cases import cases
from app.cases.kinds import CaseKind
from app.malls.models import Store
from app.purchases.claims.models import ReceiptClaim

CLAIM_DISPUTED = CaseKind(
    code="claim_disputed",
    role=Role.OPERATIONS,
    within=timedelta(days=3),
    outcomes={"stays": None, "corrected": None, "warned": None},
)


def ask(claim: ReceiptClaim, store: Store, owner_id: int, *, now: datetime) -> None:
    """Let people look at a claim of what somebody else has already."""
    cases.raise_case(
        CLAIM_DISPUTED,
        f"receipt_claim:{claim.public_id}",
        mall_id=claim.mall_id,
        reason="of_another",
        facts={"store": store.name, "receipt_no": claim.receipt_no, "amount_fen": claim.amount_fen},
        evidence=[f"member:{owner_id}", f"member:{claim.member_id}", f"store:{store.id}"],
        now=now,
    )
