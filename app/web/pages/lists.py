"""Long lists on pages: which rows the address asks for, and the address of the rows behind them."""

from urllib.parse import urlencode

from flask import request

from app.kernel.lists.keyset import Asked

_CURSOR = "cursor"


def asked(limit: int) -> Asked:
    """So many rows from the address's `?cursor=` on; the first ones when it is none of this list's."""
    return Asked(limit, request.args.get(_CURSOR), or_first=True)


def address(cursor: str) -> str:
    """This list's address, narrowed as it is, from the cursor on."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != _CURSOR and value]
    return f"{request.path}?{urlencode([*kept, (_CURSOR, cursor)])}"
