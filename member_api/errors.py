"""Refusals of this edge alone."""

from app.kernel.errors import DomainError


class LoginStateInvalid(DomainError):
    """The state did not come from us, or ten minutes have passed."""

    code = "login_state_invalid"
