"""Long lists on pages: which rows the address asks for."""

from flask import request

from app.kernel.lists.keyset import Asked


def asked(limit: int) -> Asked:
    """So many rows from the address's `?cursor=` on; the first ones when it is none of this list's."""
    return Asked(limit, request.args.get("cursor"), or_first=True)
