"""Refusals of this edge alone."""

from app.kernel.errors import DomainError


class LoginStateInvalid(DomainError):
    """The state was not given to this browser by us, or ten minutes have passed."""

    code = "login_state_invalid"
