"""Refusals about consents."""

from app.kernel.errors import DomainError


class UnknownTemplate(DomainError):
    """There is no subscribe template of that name. Fact: template."""

    code = "unknown_template"


class InvalidAnswer(DomainError):
    """A subscribe dialog is answered with accept or reject. Fact: answer."""

    code = "invalid_answer"
