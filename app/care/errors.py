"""Refusals about what is done for members by hand."""

from app.kernel.errors import DomainError


class CareLimitReached(DomainError):
    """So much was given by hand already. Facts: whose (member or person), limit."""

    kind = "conflict"
    code = "care_limit_reached"


class SecondPersonNeeded(DomainError):
    """Who asked for it does not answer themselves. Fact: asked_by."""

    kind = "conflict"
    code = "care_second_person_needed"


class RequestDecided(DomainError):
    """What was asked for is answered, or its member has left."""

    kind = "conflict"
    code = "care_request_decided"


class BudgetTooEarly(DomainError):
    """A budget that would begin on a day that has begun already."""

    code = "goodwill_budget_too_early"


class BudgetConflict(DomainError):
    """Another budget begins on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "goodwill_budget_conflict"


class BudgetInForce(DomainError):
    """That budget is in force already, or was taken back before."""

    kind = "conflict"
    code = "goodwill_budget_in_force"


class OwnMembership(DomainError):
    """Nobody gives, takes or forgives by hand what is their own."""

    kind = "conflict"
    code = "own_membership"
