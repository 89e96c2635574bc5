"""`script/check-year`: the whole year on a database of its own; the exit code is 0 when every month-end is equal."""

import sys
from collections import Counter
from datetime import date
from pathlib import Path

from app.kernel.db import db
from cli.complete_journey.source import Source
from script.benches.support import settled
from script.benches.support.servers import ground
from script.supervisor.errors import Stop
from script.year import points
from script.year.comparing import differences
from script.year.expected import Year
from script.year.expected_points import Books
from script.year.playing import Play, month_ends


def main(arguments: list[str]) -> int:
    """Play and compare; a line a month."""
    households = int(arguments[0]) if arguments else None
    year, wrong = Year(households), 0
    books = year.books()
    with ground() as stand:
        stand.migrated("year")
        with settled.application(stand.environment("year")):
            for day in Play.prepare(Source(households), Path(stand.folder)).each_day():
                if day in month_ends():
                    wrong += _compare(year, books, day)
    return 1 if wrong else 0


def _compare(year: Year, books: Books, day: date) -> int:
    found = [*differences(year, day), *points.differences(books, day)]
    db.session.rollback()
    sums, tiers = books.sums(day), Counter(books.tiers(day).values())
    stages = ", ".join(f"{stage} {count:,}" for stage, count in sorted(year.report(day)["stages"].items()))
    stood = ", ".join(f"{tier} {count:,}" for tier, count in tiers.most_common())
    owed = sum(sums.due.values())
    told = f"{sums.accrued:,} points earned, {sums.spent:,} spent, {sums.expired:,} over, {owed:,} owed"
    print(f"{day}: {'equal' if not found else f'{len(found)} differences'}; {stages}; {told}; {stood}", flush=True)
    for one in found[:10]:
        print(f"  {one}", flush=True)
    return len(found)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as reason:
        sys.exit(f"script/check-year: {reason}")
