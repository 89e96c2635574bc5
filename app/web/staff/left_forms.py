"""What was typed into a form whose session had ended meanwhile: it waits in the page cookie until its person is back.

Whoever else signs in at this browser does not find it.
"""

from flask import session

TYPED = "left_typed"
_PAGE = "left_page"
_PERSON = "last_staff"


def remember_page(page: str) -> None:
    """The page on which the form stands."""
    session[_PAGE] = page


def signed_in(staff_id: int) -> None:
    """Somebody is here: what another person left is forgotten."""
    if session.get(_PERSON) != staff_id:
        _forget()
        session[_PERSON] = staff_id


def take(page: str) -> dict[str, list[str]]:
    """What was left on this page, once."""
    if session.get(_PAGE) != page:
        return {}
    typed: dict[str, list[str]] = session.get(TYPED, {})
    _forget()
    return typed


def _forget() -> None:
    for key in (TYPED, _PAGE):
        session.pop(key, None)
