"""What acts with tasks are called in ledgers and on the timeline."""

from app.kernel.facts import Fact


def completion(code: str) -> Fact:
    """A member finished the task, which counts once."""
    return Fact("task", code)
