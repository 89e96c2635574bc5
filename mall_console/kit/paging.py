"""Long lists of the console: a page of rows, and below it the way to the next."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel.lists.keyset import Asked
from app.web.pages import lists, pages

ROWS = 30


def asked() -> Asked:
    """Which rows of its list the request asks for."""
    return lists.asked(ROWS)


def render_list(name: str, **shown: Any) -> ResponseReturnValue:
    """The page `name`, or only its list `_name_rows` when htmx asks for a part."""
    return render_template(f"console/_{name}_rows.html" if pages.is_part() else f"console/{name}.html", **shown)
