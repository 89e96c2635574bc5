"""Every list of the console by its name, as the subjects bring them along (`LISTINGS` of `subject.py`)."""

from functools import cache
from typing import Any

from app.kernel import discovery
from mall_console.kit.listing.listing import Listing


def find(name: str) -> Listing[Any] | None:
    """The list with the name."""
    return _all().get(name)


def get(name: str) -> Listing[Any]:
    """The list with the name; raises KeyError."""
    return _all()[name]


@cache
def _all() -> dict[str, Listing[Any]]:
    found: tuple[Listing[Any], ...] = discovery.listed("LISTINGS", named="subject", below=["mall_console"])
    return {one.name: one for one in found}
