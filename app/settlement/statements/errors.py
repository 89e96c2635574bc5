"""Refusals about statements."""

from app.kernel.errors import DomainError, NotFound


class MonthNotOver(DomainError):
    """A month can be closed from the first day of the next one. Facts: period, today."""

    kind = "conflict"
    code = "month_not_over"


class StatementNotFound(NotFound):
    """There is no such statement within what you may see."""

    code = "statement_not_found"


class StatementTransition(DomainError):
    """The statement's status does not allow that step. Facts: status, wanted."""

    kind = "conflict"
    code = "statement_transition"


class StatementsNotAgreed(DomainError):
    """Some of the statements to settle are not confirmed, or settled already. Fact: statement_nos."""

    kind = "conflict"
    code = "statements_not_agreed"


class ReasonMissing(DomainError):
    """The step needs words: why it is disputed, what was answered, how it was paid. Fact: field."""

    kind = "invalid"
    code = "reason_missing"
