"""What the audit log calls lists: by their titles."""

from collections.abc import Collection

from mall_console.kit.listing import known


def _titles_of(names: Collection[str]) -> dict[str, str]:
    found = {name: known.find(name) or known.find_source(name) for name in names}
    return {name: one.title for name, one in found.items() if one is not None}


NAMES = {"list": _titles_of}
