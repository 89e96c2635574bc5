"""The case by which people are asked for an invoice; its answer is what the member sees."""

from datetime import datetime, timedelta

from app.access.audit import Actor
from app.access.models import Role
from app.cases.kinds import Act, CaseKind
from app.cases.models import Case
from app.kernel.db import db
from app.parking.invoices import queries
from app.parking.invoices.models import InvoiceStatus, ParkingInvoice

# Why an invoice could not be issued: answers of the case, and what the member reads.
REFUSALS = ("title_wrong", "email_bounced", "issued_at_gate")


def subject_of(invoice: ParkingInvoice) -> str:
    """What a case is about: the member's number and the wish's."""
    return f"parking_invoice:{invoice.member_id}:{invoice.id}"


def keys_of(subject: str) -> tuple[int, int]:
    """The member's number and the wish's of a subject, or of what stands behind its kind."""
    member_id, invoice_id = subject.removeprefix("parking_invoice:").split(":")
    return int(member_id), int(invoice_id)


def _close(case: Case, status: InvoiceStatus, refusal: str | None, *, now: datetime) -> None:
    invoice = queries.lock_invoice(*keys_of(case.subject))
    invoice.status, invoice.refusal, invoice.answered_at = status.value, refusal, now
    db.session.flush()


def _issued(case: Case, *, by: Actor, now: datetime) -> None:
    _close(case, InvoiceStatus.ISSUED, None, now=now)


def _refused(refusal: str) -> Act:
    def act(case: Case, *, by: Actor, now: datetime) -> None:
        _close(case, InvoiceStatus.REFUSED, refusal, now=now)

    return act


INVOICE_WISHED = CaseKind(
    code="invoice_wished",
    role=Role.OPERATIONS,
    within=timedelta(days=3),
    outcomes={"issued": _issued, **{refusal: _refused(refusal) for refusal in REFUSALS}},
)
