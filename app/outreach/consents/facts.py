"""What changes the stock of consents. A key is the caller's own for one command, so that repeating it counts once."""

from app.kernel.facts import Fact, kind_of

_PUSH = "push"


def dialog(key: str) -> Fact:
    """The member answered a subscription dialog."""
    return Fact("dialog", key)


def task_dialog(key: str) -> Fact:
    """The member answered the dialog of a task."""
    return Fact("task", key)


def withdrawal(key: str) -> Fact:
    """The member took back every permission."""
    return Fact("withdrawal", key)


def push(event_id: int) -> Fact:
    """The platform told of an answer, or that nothing is left."""
    return Fact(_PUSH, event_id)


def is_push(text: str) -> bool:
    """Whether a kept fact is one that the platform told of."""
    return kind_of(text) == _PUSH
