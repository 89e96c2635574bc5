"""The rows that were ticked, for what is done to several of them at once."""

from flask import request

from mall_console.kit.listing.errors import NothingTicked
from mall_console.kit.listing.listing import SIZES

MOST_ROWS = 10 * SIZES[-1]


def ticked() -> list[str]:
    """The keys of the ticked rows, each once; raises NothingTicked."""
    keys = list(dict.fromkeys(request.form.getlist("row")))[:MOST_ROWS]
    if not keys:
        raise NothingTicked
    return keys
