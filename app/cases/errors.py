"""Why something cannot be done with a case."""

from app.kernel.errors import DomainError


class CaseTaken(DomainError):
    """Somebody else works on the case. Fact: owner."""

    kind = "conflict"
    code = "case_taken"


class CaseAnswered(DomainError):
    """The case has its answer already."""

    kind = "conflict"
    code = "case_answered"


class CaseNotTaken(DomainError):
    """Only who has taken the case answers it."""

    kind = "conflict"
    code = "case_not_taken"


class CaseNotAnswered(DomainError):
    """Only an answered case can be reopened."""

    kind = "conflict"
    code = "case_not_answered"


class CaseOpenAgain(DomainError):
    """The same question is open as another case by now."""

    kind = "conflict"
    code = "case_open_again"


class OutcomeUnknown(DomainError):
    """No answer to cases of this kind."""

    code = "case_outcome_unknown"


class NobodyToHandTo(DomainError):
    """The person does not work on cases of this team in this mall."""

    code = "case_nobody_to_hand_to"
