"""Finding what packages bring along by the name of its module, so that a new package needs no line elsewhere."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType


def modules_named(name: str, *, below: str) -> Iterator[ModuleType]:
    """Import and yield every module of this name in the packages below a package, in the order of their names."""
    for path in _paths(below):
        if path.rpartition(".")[2] == name:
            yield import_module(path)


@cache
def _paths(below: str) -> tuple[str, ...]:
    package = import_module(below)
    return tuple(sorted(found.name for found in walk_packages(package.__path__, f"{below}.")))
