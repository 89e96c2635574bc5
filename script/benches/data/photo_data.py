"""How a million photographed receipts of a mall look, written in bulk: no pictures, only what is kept of them.

Half of them are as unlike as photographs taken by hand are. The other half are screenshots of a few templates, tens of
thousands of each, which lie alike to the pixel: of their prints few signs differ, and of their strips those alone that
hold the time, the sum and the number.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import psycopg
from numpy.typing import NDArray

from app.purchases.photos import keys
from app.purchases.photos.prints import SIGNS

MALL = 1
TEMPLATES = 10
_BATCH = 25_000
_STRIPS, _PRINTED, _VARYING = 24, 16, 4
_SOFT, _FLIPPED = 40, 0.25  # of a template's signs so many are others in a quarter of its screenshots

Signs = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Signs of inner parts, a row each, and their strips, -1 where nothing stands."""

    signs: Signs
    strips: NDArray[np.int64]


def fill(url: str, *, photographs: int) -> None:
    """Write them into a migrated database."""
    chance = np.random.default_rng(1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("ALTER TABLE receipt_photo_keys DROP CONSTRAINT pk_receipt_photo_keys")
        first = 1
        for drawn in _drawn(chance, photographs):
            _copy_prints(connection, drawn, first)
            _copy_keys(connection, drawn, first)
            first += len(drawn.signs)
        connection.execute(
            "ALTER TABLE receipt_photo_keys ADD CONSTRAINT pk_receipt_photo_keys PRIMARY KEY (mall_id, key, number)"
        )
        connection.execute("VACUUM ANALYZE receipt_photo_keys")
        connection.execute("VACUUM ANALYZE receipt_photo_prints")
        connection.execute("CHECKPOINT")


def _drawn(chance: np.random.Generator, photographs: int) -> Iterator[Drawn]:
    half = photographs // 2
    for count in _batches(half):
        yield unlike(chance, count)
    for template in range(TEMPLATES):
        for count in _batches((photographs - half) // TEMPLATES):
            yield screenshots(template, chance, count)


def _batches(count: int) -> Iterator[int]:
    while count > 0:
        yield min(count, _BATCH)
        count -= _BATCH


def unlike(chance: np.random.Generator, count: int) -> Drawn:
    """Photographs by hand: as many signs are set as not, and no two have more in common than chance."""
    waves = chance.random((count, SIGNS), dtype=np.float32)
    found = chance.integers(0, 1 << 31, (count, _STRIPS))
    found[:, _PRINTED:] = -1
    return Drawn(waves > np.median(waves, axis=1, keepdims=True), found)


def screenshots(template: int, chance: np.random.Generator, count: int) -> Drawn:
    """Bills of one template."""
    layout = np.random.default_rng(1_000 + template)
    base, soft = unlike(layout, 1), layout.permutation(SIGNS)[:_SOFT]
    signs, found = np.repeat(base.signs, count, axis=0), np.repeat(base.strips, count, axis=0)
    signs[:, soft] ^= chance.random((count, _SOFT)) < _FLIPPED
    found[:, :_VARYING] = chance.integers(0, 1 << 31, (count, _VARYING))
    return Drawn(signs, found)


def _copy_prints(connection: psycopg.Connection, drawn: Drawn, first: int) -> None:
    rows = np.packbits(drawn.signs, axis=1, bitorder="little")
    columns = "(public_id, mall_id, number, sent_at, inner_print, strips)"
    with connection.cursor().copy(f"COPY receipt_photo_prints {columns} FROM STDIN") as copy:
        for number, (row, strips) in enumerate(zip(rows, drawn.strips.tolist(), strict=True), first):
            inner = f"{int.from_bytes(row.tobytes(), 'little'):064x}"
            told = [None if one < 0 else one for one in strips]
            copy.write_row((f"bench-{number}", MALL, number, "2026-11-01T00:00:00Z", inner, told))


def _copy_keys(connection: psycopg.Connection, drawn: Drawn, first: int) -> None:
    """In PostgreSQL's binary format, where a row of numbers has one length: forty million are many lines of text."""
    of_strips = [keys.of_strips([None if one < 0 else one for one in row]) for row in drawn.strips.tolist()]
    found = np.hstack([keys.of_signs(drawn.signs).astype(np.int64), np.array(of_strips)])
    numbers = np.repeat(np.arange(first, first + len(found)), found.shape[1])
    rows = np.zeros(found.size, dtype=_ROW)
    rows["fields"], rows["bytes_of_mall"], rows["bytes_of_key"], rows["bytes_of_number"] = 3, 4, 4, 8
    rows["mall"], rows["key"], rows["number"] = MALL, found.reshape(-1), numbers
    with connection.cursor().copy("COPY receipt_photo_keys (mall_id, key, number) FROM STDIN (FORMAT binary)") as copy:
        copy.write(_HEAD + rows.tobytes() + _TAIL)


_HEAD, _TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("bytes_of_mall", ">i4"),
        ("mall", ">i4"),
        ("bytes_of_key", ">i4"),
        ("key", ">i4"),
        ("bytes_of_number", ">i4"),
        ("number", ">i8"),
    ]
)
