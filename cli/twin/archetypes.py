"""The file of archetypes, with what else of the twin is data, read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("archetypes.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Archetype:
    """A kind of customer; what the fields mean is said in the file. `hours` are by the hour of the day."""

    name: str
    title: str
    share: int
    visits: float
    weekdays: tuple[int, ...]
    hours: Mapping[int, int]
    categories: Mapping[str, int]
    stores: tuple[int, int]
    basket: float
    coupons: float
    points: float
    parks: float
    drives: float
    stay: tuple[float, float]
    browses: float
    pages: tuple[int, int]
    shares: float
    refunds: float
    once: float
    sleeps: float
    causes: Mapping[str, int]
    near: Mapping[str, int]
    children: float


@cache
def read() -> tuple[Archetype, ...]:
    """All archetypes, in the order of the file."""
    return tuple(_archetype(name, said) for name, said in _said()["archetypes"].items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanning:
    """Who scans codes: `visitors` and `lookers` for a hundred members, `joining` as a part of the members.

    `kinds` are weights of the entrances by their kind.
    """

    visitors: int
    lookers: int
    joining: float
    kinds: Mapping[str, int]


@cache
def scanning() -> Scanning:
    """How codes at entrances are scanned."""
    return Scanning(**_said()["scanning"])


@cache
def tickets() -> Mapping[str, int]:
    """The usual receipt of each category of stores, in fen; `other` stands for those that are not named."""
    return dict(_said()["tickets"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebate:
    """What the coupons for a category of stores take off, in fen."""

    title: str
    summary: str
    face_fen: int
    min_spend_fen: int


@cache
def rebates() -> Mapping[str, Rebate]:
    """The coupons, by the category of stores that take them."""
    return {category: Rebate(**said) for category, said in _said()["coupons"].items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tells:
    """How many tell what of themselves, and of those who moved away how many correct what is near."""

    preferences: float
    birthday: float
    birth_year: float
    nearby: float
    household: float
    moved: float


@cache
def tells() -> Tells:
    """Parts of all members; `birth_year` of those with a birthday, `moved` of those who told what is near."""
    return Tells(**_said()["tells"])


@cache
def bands() -> Mapping[str, int]:
    """How old children are, as weights."""
    return dict(_said()["bands"])


@cache
def names() -> tuple[str, tuple[str, ...]]:
    """First characters of names, and what may follow."""
    said = _said()["names"]
    return said["first"], tuple(said["given"].split())


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _archetype(name: str, said: Mapping[str, Any]) -> Archetype:
    lists = {key: tuple(said[key]) for key in ("weekdays", "stores", "stay", "pages")}
    hours = {int(hour): weight for hour, weight in said["hours"].items()}
    return Archetype(name=name, **{**said, **lists, "hours": hours})
