"""A new secret on the page that answers, the only time; who presses twice is led on without it."""

import hmac
from collections.abc import Callable

from flask import g, render_template
from flask.typing import ResponseReturnValue


def keep(secret: str) -> None:
    """Remember the secret that the form's act has just given, for this answer alone."""
    g.new_secret = secret


def page(done: ResponseReturnValue, *, stored: Callable[[], str], **shown: str) -> ResponseReturnValue:
    """The page with the secret if this press gave it, else `done`.

    Of two presses at the same moment both may have made one, but only one was stored.
    """
    secret = g.pop("new_secret", None)
    if secret is None or not hmac.compare_digest(secret, stored()):
        return done
    return render_template("console/secret.html", secret=secret, **shown)
