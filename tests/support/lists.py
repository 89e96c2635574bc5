"""Reading a list page by page to its end."""

from collections.abc import Callable
from typing import TypeVar

from app.kernel.lists.keyset import Asked, Page

T = TypeVar("T")


def read_all(read: Callable[[Asked], Page[T]], *, limit: int = 2) -> list[T]:
    """Everything in the list, in the order of its pages."""
    page = read(Asked(limit))
    found = list(page)
    while page.next is not None:
        page = read(Asked(limit, page.next))
        found += page
    return found
