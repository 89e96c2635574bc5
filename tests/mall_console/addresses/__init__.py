"""Every page of a mall's console with the permission it needs, and every form with a body that would be accepted.

A subject's addresses stand in a module of its own here, as `pages` and `forms` of a world: address → permission.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    """Address → permission, for every address that is read."""
    return _merged("pages", world)


def forms(world: World) -> dict[str, str]:
    """Address → permission, for every address that is posted to."""
    return _merged("forms", world)


def _merged(kind: str, world: World) -> dict[str, str]:
    found: dict[str, str] = {}
    for subject in iter_modules(__path__):
        module = import_module(f"{__name__}.{subject.name}")
        addresses = cast(dict[str, str], getattr(module, kind)(world)) if hasattr(module, kind) else {}
        assert not found.keys() & addresses.keys(), subject.name
        found |= addresses
    return found
