"""What becoming a member and leaving are called in ledgers and on the timeline."""

from app.kernel.facts import Fact

# Each happens to a person once, so that within a member's own ledgers it needs no number.
JOIN = Fact("join")
LEAVING = Fact("leaving")


def member(member_id: int) -> Fact:
    """On the timeline: the member joined, or left."""
    return Fact("member", member_id)


def owed_before(key: str) -> Fact:
    """In the points' ledger: what was owed from before an earlier leaving is owed again; the key tells the times."""
    return Fact("former", key)


def forgiven(key: str) -> Fact:
    """In the points' ledger: somebody of the mall forgave what was owed; the key tells one time from another."""
    return Fact("forgiven", key)


def merge(merge_id: int) -> Fact:
    """In the ledgers of both: two members were found to be one."""
    return Fact("merge", merge_id)


def merge_undone(merge_id: int) -> Fact:
    """In the ledgers of both: they were found to be two after all."""
    return Fact("merge-undone", merge_id)


def debt_merged(merge_id: int) -> Fact:
    """In the points' ledgers of both: what was owed went along."""
    return Fact("merge-debt", merge_id)


def debt_returned(merge_id: int) -> Fact:
    """In the points' ledgers of both: what was owed came back."""
    return Fact("merge-debt-undone", merge_id)
