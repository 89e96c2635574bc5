"""Every answer of the member API says what time it is: a phone's own clock may be off."""

from datetime import datetime, timedelta

import pytest

from tests.support.clock import StillClock
from tests.support.isolation import Client


@pytest.mark.parametrize("path", ["/members/me", "/entrances/none", "/nothing-lives-here"])
def test_an_answer_and_a_refusal_carry_the_servers_time(path: str, client: Client, clock: StillClock) -> None:
    clock.advance(days=4, minutes=7)
    told = client.get(f"/api/v1{path}").headers["X-Server-Time"]
    assert abs(datetime.fromisoformat(told) - clock.now) < timedelta(milliseconds=1)


def test_pages_for_staff_do_not(client: Client) -> None:
    assert "X-Server-Time" not in client.get("/portal/sign-in").headers
