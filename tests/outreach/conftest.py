"""The way out to a live sandbox on loopback."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from app.wechat.gateway import Gateway
from app.workers import outreach
from tests.support.platforms import Platforms

SEND_PATH = "/cgi-bin/message/subscribe/send"


@dataclass(frozen=True, slots=True)
class Phone:
    """One person of the sandbox, and the sender that reaches them."""

    platforms: Platforms
    gateway: Gateway
    openid: str
    person_id: str
    mini: Any = None

    def allow(self, template: str = "benefit") -> None:
        """Says yes in the mini-program's dialog."""
        template_id = getattr(self.platforms.settings.wechat, f"template_{template}")
        path = f"/phone/api/people/{self.person_id}/subscribe"
        self.platforms.post(path, {"results": {template_id: "accept"}})

    def messages(self) -> list[dict[str, Any]]:
        """The subscribe messages on the phone, the newest first."""
        items = self.platforms.get(f"/phone/api/people/{self.person_id}/messages")["items"]
        return [item for item in items if item["channel"] == "subscribe"]

    def send_due(self, limit: int = 10) -> bool:
        """One round of the product's sender."""
        return outreach.send_due_messages(self.mini or self.gateway.mini, self.platforms.settings.wechat, limit=limit)

    @property
    def calls(self) -> int:
        """How often the product asked the platform to send."""
        return self.platforms.calls(SEND_PATH)


@pytest.fixture
def phone_of(platforms: Platforms) -> Iterator[Callable[[int], Phone]]:
    """`phone_of(1)`: the first person of the sandbox."""
    gateway = platforms.gateway()

    def phone(number: int = 1) -> Phone:
        person = platforms.person(number)
        return Phone(platforms, gateway, str(person["openid"]), str(person["id"]))

    yield phone
    gateway.close()


@pytest.fixture
def phone(phone_of: Callable[[int], Phone]) -> Phone:
    """The first person's phone."""
    return phone_of(1)
