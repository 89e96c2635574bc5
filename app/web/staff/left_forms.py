"""What was typed into a form whose session had ended meanwhile: it waits in the page cookie until its person is back.

A form says whose it is by a keyed digest. Whoever else signs in at this browser does not find what was typed.
"""

import hmac

from flask import request, session

from app.web import context

FIELD = "typist_key"
TYPED = "left_typed"
_PAGE = "left_page"
_PERSON = "left_person"
_BYTES = 8


def fields(staff_id: int | None) -> dict[str, str]:
    """The hidden field of a form that somebody who is signed in is given."""
    return {} if staff_id is None else {FIELD: _key_of(staff_id)}


def remember_page(page: str) -> bool:
    """The page on which the form stands that was sent, and whose it is; False when it does not say."""
    session[_PAGE], session[_PERSON] = page, request.form.get(FIELD, "")[: 2 * _BYTES]
    return bool(session[_PERSON])


def signed_in(staff_id: int) -> None:
    """Somebody is here: what another person left is forgotten."""
    if not _is_of(staff_id):
        _forget()


def take(page: str, staff_id: int | None) -> dict[str, list[str]]:
    """What this person left on this page, once."""
    if session.get(_PAGE) != page or staff_id is None or not _is_of(staff_id):
        return {}
    typed: dict[str, list[str]] = session.get(TYPED, {})
    _forget()
    return typed


def _is_of(staff_id: int) -> bool:
    return hmac.compare_digest(str(session.get(_PERSON, "")).encode(), _key_of(staff_id).encode())


def _key_of(staff_id: int) -> str:
    key = context.settings().secret_key.encode()
    return hmac.digest(key, f"typist\x00{staff_id}".encode(), "sha256")[:_BYTES].hex()


def _forget() -> None:
    for name in (TYPED, _PAGE, _PERSON):
        session.pop(name, None)
