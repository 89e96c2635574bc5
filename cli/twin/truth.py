"""What only the simulator knows, who is what and why and since when they stay away, and how much is recognised."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select

from app.identity import bulk as identity_bulk
from app.identity.models import IdentityKind
from app.kernel.db import db
from app.lifecycle.causes.models import SleepCause
from app.lifecycle.causes.rules import Cause
from cli.twin import people
from cli.twin.people import World

COLUMNS = ("card_no", "archetype", "cause", "since")
# What the simulator calls the causes; without one somebody keeps coming, if seldom, or came once.
_CAUSES = {
    "price": Cause.PRICE,
    "scene_changed": Cause.SCENE,
    "bad_experience": Cause.EXPERIENCE,
    "interest_shifted": Cause.INTEREST,
    "": None,
}
TRUE_CAUSES = [cause for cause in _CAUSES.values() if cause is not None]


def write(world: World, file: Path) -> None:
    """One line for each member; cause and since are empty for those who keep coming."""
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for number in range(world.members):
            one = people.person(world, number)
            table.writerow((one.card_no, one.archetype.name, one.cause or "", one.since or ""))


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many silent members are of a cause, by what they were judged to be; None: the simulator gave them none."""

    counts: Mapping[tuple[Cause | None, Cause], int]

    @property
    def named(self) -> int:
        """Those with a cause for whom one was named."""
        return sum(n for (true, said), n in self.counts.items() if true is not None and said is not Cause.UNKNOWN)

    @property
    def right(self) -> int:
        """Those for whom it was the right one."""
        return sum(count for (true, said), count in self.counts.items() if true is said)

    @property
    def by_chance(self) -> float:
        """How many would be right if the same causes were named blindly."""
        said: Counter[Cause] = Counter()
        true: Counter[Cause] = Counter()
        for (one, judged), count in self.counts.items():
            if one is not None and judged is not Cause.UNKNOWN:
                true[one] += count
                said[judged] += count
        return sum(said[cause] * true[cause] for cause in TRUE_CAUSES) / self.named if self.named else 0.0


def compare(file: Path) -> Confusion:
    """What the silent members of the file were judged to be, beside what they are; who is not here is left out."""
    with file.open(encoding="utf-8", newline="") as table:
        told = {row["card_no"]: _CAUSES[row["cause"]] for row in csv.DictReader(table)}
    owners = identity_bulk.find_owners(IdentityKind.CARD_NO, told)
    ids = bindparam("ids", sorted(owners.values()), type_=ARRAY(BigInteger()))
    rows = db.session.execute(
        select(SleepCause.member_id, SleepCause.cause).where(SleepCause.member_id == func.any(ids))
    )
    judged = {member_id: Cause(cause) for member_id, cause in rows}
    return Confusion(
        Counter((told[card], judged[member_id]) for card, member_id in owners.items() if member_id in judged)
    )
