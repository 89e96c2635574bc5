"""Why outreach refuses a request."""

from app.kernel.errors import DomainError


class UnknownTemplate(DomainError):
    """There is no subscribe template of that name. Fact: template."""

    code = "unknown_template"


class InvalidAnswer(DomainError):
    """A subscribe dialog is answered with accept or reject. Fact: answer."""

    code = "invalid_answer"


class InvalidPolicy(DomainError):
    """A touch policy needs a cap of zero or more, a window of an hour or more, minutes of the day, and a future."""

    code = "invalid_outreach_policy"
