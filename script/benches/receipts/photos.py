"""`photos`: looking a photographed receipt up among 1,000,000 of its mall, beside asking an index for as many keys.

`photos-unlike`: one that was taken by hand; `photos-alike`: a screenshot of a template of which the mall has fifty
thousand. Both are of one that the mall has, lighter and more compressed, so that each look-up finds its own again. The
limit asks for each of the same keys whether any photograph has it. Nothing is compared, because no picture is kept:
the time is the database's and that of ranking what it found. `--photographs 100000` fills less.
"""

import time
from collections.abc import Iterator
from functools import partial

import numpy as np
from sqlalchemy import text

from app.kernel.db import db
from app.purchases.photos import alike, keys, prints
from app.purchases.photos.greys import INNER
from app.purchases.photos.prints import SIGNS, Looks, View
from script.benches.data import photo_data
from script.benches.data.photo_data import Drawn
from script.benches.support import cpu, plans, settled
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

PHOTOGRAPHS = 1_000_000
REPEATS = 40
TABLES = ("receipt_photo_keys", "receipt_photo_prints")
_PARTS, _OTHERS, _NEAR = 256, 168, 8  # views, and how many of them lie nearly as the kept inner part
_FLIPPED = 0.06  # of the signs
_BARE = text(
    "SELECT count(*) FROM unnest(CAST(:keys AS integer[])) AS sought (key)"
    " WHERE EXISTS (SELECT FROM receipt_photo_keys AS one WHERE one.mall_id = :mall AND one.key = sought.key)"
)


# The id of a photograph, and what another copy of it looks like.
Sent = tuple[str, Looks]


def run(arguments: list[str]) -> None:
    """Measure and print."""
    place = arguments.index("--photographs") if "--photographs" in arguments else None
    photographs = PHOTOGRAPHS if place is None else int(arguments[place + 1])
    with ground(shared_buffers="1GB") as bench:
        bench.migrated("photos")
        _measure(bench, photographs, REPEATS)


def rehearse(bench: Ground, template: str) -> None:
    """Two look-ups of each kind on the smallest ground, a copy of the migrated database `template`."""
    bench.copied("photos", template)
    _measure(bench, 400, 2, is_planned=False)


def _measure(bench: Ground, photographs: int, repeats: int, *, is_planned: bool = True) -> None:
    say(f"writing what is kept of {photographs:,} photographs ...")
    photo_data.fill(bench.cluster.url("photos"), photographs=photographs)
    assert bench.cluster.process is not None  # noqa: S101 - the server runs
    server = bench.cluster.process.pid
    with settled.application(bench.environment("photos")):
        for name, first in (("photos-unlike", 1), ("photos-alike", photographs // 2 + 1)):
            chance = np.random.default_rng(7)
            sent = [_sent_again(int(first + place), chance) for place in chance.integers(0, photographs // 2, repeats)]
            if is_planned:
                _ensure_indexed(bench.cluster.url("photos"), sent[0][1])
            look, ask = partial(_look_up, iter(sent), server), partial(_ask, iter(sent), server)
            measured, limit = alternate(look, ask, repeats=repeats)
            p95 = float(np.quantile([sample.value for sample in measured], 0.95))
            scale = {"photographs": photographs, "keys": len(sent[0][1].sought), "p95_ms": round(p95, 1)}
            report(name, measured, limit, unit="ms", scale=scale)


def _sent_again(number: int, chance: np.random.Generator) -> Sent:
    """The id of a photograph, and what another copy of it looks like."""
    row = db.session.execute(
        text("SELECT inner_print, strips FROM receipt_photo_prints WHERE number = :number"), {"number": number}
    ).one()
    db.session.rollback()
    kept = np.array([int(row.inner_print, 16) >> place & 1 for place in range(SIGNS)], dtype=bool)
    waves = chance.normal(size=(_PARTS + _OTHERS, SIGNS))
    near = np.abs(waves[:_NEAR]) * np.where(kept, 1, -1)
    waves[:_NEAR] = np.where((chance.random(near.shape) < _FLIPPED) & (np.abs(near) < 0.5), -near, near)
    views = [View(0, INNER, one) for one in prints.signs_of(waves)]
    turned = [row.strips, *_other_turns(photo_data.unlike(chance, 3))]
    sought = {*keys.surest(waves[:_PARTS], prints.MOST_KEYS), *keys.surest(waves[_PARTS:], prints.MOST_OTHERS)}
    sought.update(key for one in turned for key in keys.of_strips(one))
    return f"bench-{number}", Looks(b"", "0" * 32, row.inner_print, turned, views, sorted(sought))


def _other_turns(drawn: Drawn) -> list[list[int | None]]:
    return [[None if one < 0 else one for one in row] for row in drawn.strips.tolist()]


def _look_up(sent: Iterator[Sent], server: int) -> Sample:
    """Milliseconds of a look-up; `server`: the database's process, whose work is counted."""
    public_id, looks = next(sent)
    with cpu.spent_by(server) as spent:
        started = time.perf_counter()
        found = alike.look_up(photo_data.MALL, looks)
        elapsed = time.perf_counter() - started
    db.session.rollback()
    if public_id not in found.alike:
        raise Stop(f"{public_id} was not found again")
    return Sample(elapsed * 1_000, spent.per(1))


def _ask(sent: Iterator[Sent], server: int) -> Sample:
    _, looks = next(sent)
    told = {"keys": list(looks.sought), "mall": photo_data.MALL}
    with cpu.spent_by(server) as spent:
        started = time.perf_counter()
        db.session.scalar(_BARE, told)
        elapsed = time.perf_counter() - started
    db.session.rollback()
    return Sample(elapsed * 1_000, spent.per(1))


def _ensure_indexed(url: str, looks: Looks) -> None:
    """Raises Stop when a look-up reads a table from end to end."""
    with plans.noted() as sent:
        alike.look_up(photo_data.MALL, looks)
    db.session.rollback()
    read = plans.read(url, sent, TABLES)
    say(f"a look-up reads {read.rows:,} rows")
    if read.scanned:
        raise Stop(f"read from end to end: {', '.join(sorted(read.scanned))}")
