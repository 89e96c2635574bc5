"""What a rehearsal finds, part by part, added up. Pure data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MOST_EXAMPLES = 5


class Example(NamedTuple):
    """A member whose points would differ: by the rules in force, and by the others."""

    member_id: int
    old: int
    new: int


@dataclass(slots=True, kw_only=True)
class Side:
    """What purchases earn by some rules: points, those of each payer, and those that each merchant pays for.

    `extras`: what each extra adds, by its place in the rules; empty in what was found before these were counted.
    """

    points: int = 0
    payers: Counter[str] = field(default_factory=Counter)
    merchants: Counter[int] = field(default_factory=Counter)
    extras: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Side") -> None:
        """Take in another part."""
        self.points += other.points
        self.payers.update(other.payers)
        self.merchants.update(other.merchants)
        self.extras.update(other.extras)

    def as_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        numbered = {"merchants": _as_data(self.merchants), "extras": _as_data(self.extras)}
        return {"points": self.points, "payers": dict(self.payers), **numbered}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Side":
        """What `as_data` made."""
        merchants, extras = _read(data["merchants"]), _read(data.get("extras", {}))
        return cls(points=data["points"], payers=Counter(data["payers"]), merchants=merchants, extras=extras)


def _as_data(counted: Counter[int]) -> dict[str, int]:
    return {str(number): points for number, points in sorted(counted.items())}


def _read(data: Mapping[str, int]) -> Counter[int]:
    return Counter({int(number): points for number, points in data.items()})


@dataclass(slots=True, kw_only=True)
class Result:
    """Purchases with what they came to less refunds, both sides, and how many members would be better or worse off.

    `gains` and `losses` name those whom it would matter to most.
    """

    purchases: int = 0
    amount_fen: int = 0
    old: Side = field(default_factory=Side)
    new: Side = field(default_factory=Side)
    members: int = 0
    better: int = 0
    worse: int = 0
    gains: list[Example] = field(default_factory=list)
    losses: list[Example] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        """Take in another part, of other members."""
        for name in ("purchases", "amount_fen", "members", "better", "worse"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.old.add(other.old)
        self.new.add(other.new)
        self.gains = most([*self.gains, *other.gains])
        self.losses = most([*self.losses, *other.losses])

    def as_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        sides = {"old": self.old.as_data(), "new": self.new.as_data()}
        return counts | sides | {"gains": list(map(list, self.gains)), "losses": list(map(list, self.losses))}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Result":
        """What `as_data` made; nothing was found in an empty one."""
        if not data:
            return cls()
        return cls(
            **{name: data[name] for name in _COUNTS},
            old=Side.read(data["old"]),
            new=Side.read(data["new"]),
            gains=[Example(*one) for one in data["gains"]],
            losses=[Example(*one) for one in data["losses"]],
        )


_COUNTS = ("purchases", "amount_fen", "members", "better", "worse")


def most(examples: list[Example]) -> list[Example]:
    """Those with the greatest difference, whichever way."""
    return sorted(examples, key=lambda one: (-abs(one.new - one.old), one.member_id))[:MOST_EXAMPLES]
