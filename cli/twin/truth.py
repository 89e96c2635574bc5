"""What only the simulator knows: who is what, and why and since when they stay away."""

import csv
from pathlib import Path

from cli.twin import people
from cli.twin.people import World

COLUMNS = ("card_no", "archetype", "cause", "since")


def write(world: World, file: Path) -> None:
    """One line for each member; cause and since are empty for those who keep coming."""
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for number in range(world.members):
            one = people.person(world, number)
            table.writerow((one.card_no, one.archetype.name, one.cause or "", one.since or ""))
