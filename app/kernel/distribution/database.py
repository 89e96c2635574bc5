"""Whether this process works on a distributed database: told by a setting, once, at start."""

from collections.abc import Collection

PLAIN = "plain"
DISTRIBUTED = "distributed"
KINDS = (PLAIN, DISTRIBUTED)

# One transaction may write a reference table and members' rows that refer to it.
CONNECTION_OPTIONS = "-c citus.multi_shard_modify_mode=sequential"

_told = {"kind": PLAIN}


def configure(kind: str) -> None:
    """Set the kind of this process's database."""
    _told["kind"] = kind


def is_distributed() -> bool:
    """Whether rows of different members may stand on different machines."""
    return _told["kind"] == DISTRIBUTED


def lockable(member_ids: Collection[int]) -> list[list[int]]:
    """The members, ascending, in parts whose rows one statement can lock.

    That is all of them on plain PostgreSQL, and one by one where no statement locks rows on several machines.
    """
    ordered = sorted(member_ids)
    if is_distributed():
        return [[member_id] for member_id in ordered]
    return [ordered] if ordered else []
