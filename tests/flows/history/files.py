"""Files as malls send them."""

import csv
from collections.abc import Sequence
from pathlib import Path

PURCHASE = ("source", "receipt_no", "store_code", "card_no", "occurred_at", "amount_fen", "refund_of")
LINES = (*PURCHASE, "category_code", "line_no")
MEMBER = ("card_no", "phone", "name", "joined_at")
STORE = ("store_code", "name", "merchant", "category", "floor")


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]], *, encoding: str = "utf-8") -> Path:
    """A table with the header and rows."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def rejects(path: Path, kind: str = "rejects") -> list[dict[str, str]]:
    """What the rejects file beside it says; nothing when there is none."""
    found = path.with_name(f"{path.name}.{kind}.csv")
    if not found.exists():
        return []
    with found.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def reasons(path: Path, kind: str = "rejects") -> list[tuple[int, str]]:
    """Line number and reason of each reject."""
    return [(int(row["reject_line"]), row["reject_reason"]) for row in rejects(path, kind)]


def notes(path: Path) -> list[tuple[int, str]]:
    """Line number and reason of each note about a row that came in."""
    return reasons(path, "notes")
