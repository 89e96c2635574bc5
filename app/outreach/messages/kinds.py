"""What a kind of message is: what it is for decides whether it counts and whether it waits for the morning."""

from dataclasses import dataclass
from enum import StrEnum

from app.outreach.consents.templates import Template


class Purpose(StrEnum):
    """Marketing is capped and waits for the morning; service answers something the member did."""

    MARKETING = "marketing"
    SERVICE = "service"


class Channel(StrEnum):
    """Where a message goes."""

    SUBSCRIBE = "subscribe"  # mini-program subscribe message: one consent each
    OFFICIAL = "official"  # official-account template message
    WECOM = "wecom"  # from the mall's adviser
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message. Only subscribe messages have a template of ours.

    `waits`: quiet hours hold it. `composed_late`: its text depends on how things stand when it goes, so it is planned
    without any.
    """

    code: str
    purpose: Purpose
    channel: Channel
    template: Template | None
    waits: bool
    composed_late: bool = False

    @property
    def is_marketing(self) -> bool:
        return self.purpose is Purpose.MARKETING


def marketing(code: str, template: Template, *, composed_late: bool = False) -> MessageKind:
    """A kind of marketing message: counted, and never sent in quiet hours."""
    return MessageKind(code, Purpose.MARKETING, Channel.SUBSCRIBE, template, waits=True, composed_late=composed_late)


def service(code: str, channel: Channel, *, template: Template | None = None, waits: bool = False) -> MessageKind:
    """A kind of message that answers something the member did."""
    return MessageKind(code, Purpose.SERVICE, channel, template, waits=waits)
