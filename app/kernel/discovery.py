"""Finding what packages bring along by the name of its module, so that a new package needs no line elsewhere.

A package that has something of a kind exports it from a module of an agreed name, and one place merges all of them:
`models` its tables, `wording` its Chinese, `permissions`, `personal_data` and so on. docs/features.md lists the names.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

# The business, and the edges whose pages and answers people read.
PRODUCT = ("app", "member_api", "merchant_portal", "mall_console", "open_api")


class ExportedTwice(ValueError):
    """Two packages export the same key."""


def modules_named(name: str, *, below: str) -> Iterator[ModuleType]:
    """Import and yield every module of this name in the packages below a package, in the order of their names."""
    for path in _paths(below):
        if path.rpartition(".")[2] == name:
            yield import_module(path)


def modules_in(package: str) -> Iterator[ModuleType]:
    """Import and yield every module directly in a package, in the order of their names."""
    for path in _paths(package):
        if path.rpartition(".")[0] == package:
            yield import_module(path)


def merged(attribute: str, *, named: str, below: Iterable[str] = PRODUCT) -> dict[str, Any]:
    """All entries of the tables that modules of this name export as `attribute`; raises ExportedTwice."""
    found: dict[str, Any] = {}
    source: dict[str, str] = {}
    for module in (module for root in below for module in modules_named(named, below=root)):
        for key, value in getattr(module, attribute, {}).items():
            if key in found:
                raise ExportedTwice(f"{attribute}[{key!r}] stands in {source[key]} and in {module.__name__}")
            found[key], source[key] = value, module.__name__
    return found


def listed(attribute: str, *, named: str, below: Iterable[str] = PRODUCT) -> tuple[Any, ...]:
    """All items of the lists that modules of this name export as `attribute`."""
    modules = (module for root in below for module in modules_named(named, below=root))
    return tuple(item for module in modules for item in getattr(module, attribute, ()))


@cache
def _paths(below: str) -> tuple[str, ...]:
    package = import_module(below)
    return tuple(sorted(found.name for found in walk_packages(package.__path__, f"{below}.")))
