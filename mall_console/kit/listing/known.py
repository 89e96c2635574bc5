"""Every list of the console by its name, as the subjects bring them along (`LISTINGS` of `subject.py`).

`FILES` of the same modules are other things of many rows that a worker makes into files.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import IO, Any

from app.kernel import discovery
from mall_console.kit.listing.listing import Listing
from mall_console.kit.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """What a file is of: `write` is told what it is about, writes it and returns how many rows it has.

    It raises what the person may not see or what is not there any more.
    """

    name: str
    title: str
    permission: str
    write: Callable[[Workspace, str, IO[bytes]], int]


def find(name: str) -> Listing[Any] | None:
    """The list with the name."""
    return _all().get(name)


def get(name: str) -> Listing[Any]:
    """The list with the name; raises KeyError."""
    return _all()[name]


def find_source(name: str) -> FileSource | None:
    """What else a file is of."""
    return _sources().get(name)


@cache
def _sources() -> dict[str, FileSource]:
    found: tuple[FileSource, ...] = discovery.listed("FILES", named="subject", below=["mall_console"])
    return {one.name: one for one in found}


@cache
def _all() -> dict[str, Listing[Any]]:
    found: tuple[Listing[Any], ...] = discovery.listed("LISTINGS", named="subject", below=["mall_console"])
    return {one.name: one for one in found}
