"""What acts with messages are called on the timeline and among consents."""

from app.kernel.facts import Fact


def sent(message_id: int) -> Fact:
    """The message went out."""
    return Fact("message", message_id)


def attempt(message_id: int, number: int) -> Fact:
    """One try to send the message."""
    return Fact("message", message_id, number)
