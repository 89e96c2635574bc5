"""What a package knows members by that two of them may share: exported as `SIGNS` from its `member_signs.py`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select

from app.identity.duplicates.rules import WEIGHTS_BPS
from app.kernel import discovery
from app.kernel.security import crypto

# The number of whoever has it, and the value in clear.
Found = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A source of one kind of sign: who has which values, and who has got another one since a moment (None: ever)."""

    kind: str
    read: Callable[[Sequence[int]], Iterable[Found]]
    changed: Callable[[datetime | None], Select[Any]]


@cache
def all_signs() -> tuple[Sign, ...]:
    """Every source; each is of a kind that has a weight."""
    found: tuple[Sign, ...] = discovery.listed("SIGNS", named="member_signs", below=["app"])
    unknown = {sign.kind for sign in found} - WEIGHTS_BPS.keys()
    if unknown:
        raise ValueError(f"signs without a weight: {sorted(unknown)}")
    return found


def digest(kind: str, value: str) -> str:
    """What is kept of a value: two are compared, and none is read back."""
    return crypto.blind_index(f"{kind}\x00{value}", purpose="member.sign")
