"""Refusals of payments with points at a till."""

from app.kernel.errors import DomainError


class StoreTakesNoPoints(DomainError):
    """The store has no contract that says what it is paid for points."""

    kind = "conflict"
    code = "store_takes_no_points"


class PointsWorthNothing(DomainError):
    """So few points are worth less than half a fen."""

    code = "points_worth_nothing"


class CodeTooOld(DomainError):
    """The till has not scanned the member's code, or too long ago."""

    kind = "conflict"
    code = "points_code_too_old"


class CodeSpent(DomainError):
    """The code has paid already, or is what a waiting payment goes by."""

    kind = "conflict"
    code = "points_code_spent"


class PaymentWaits(DomainError):
    """Another payment of the member waits in this store, whatever the code."""

    kind = "conflict"
    code = "points_payment_waits"


class PaymentNotFound(DomainError):
    """There is no such payment here."""

    kind = "not_found"
    code = "points_payment_not_found"


class PaymentOver(DomainError):
    """The payment does not wait any more. Fact: status."""

    kind = "conflict"
    code = "points_payment_over"


class NotConfirmed(DomainError):
    """The member has yet to confirm on their phone."""

    kind = "conflict"
    code = "points_payment_not_confirmed"


class PaymentNotPaid(DomainError):
    """What is to be undone was not paid, or is undone already. Fact: status."""

    kind = "conflict"
    code = "points_payment_not_paid"


class UndoTooLate(DomainError):
    """More than a quarter of an hour has passed since it was paid."""

    kind = "conflict"
    code = "points_undo_too_late"


class TillRulesTooEarly(DomainError):
    """Rules that would begin on a day that has begun already."""

    code = "points_till_rules_too_early"


class TillRulesConflict(DomainError):
    """Other rules of the mall begin on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "points_till_rules_conflict"


class TillRulesInForce(DomainError):
    """Those rules are in force already, or were taken back before."""

    kind = "conflict"
    code = "points_till_rules_in_force"
