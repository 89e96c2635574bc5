"""A customer group in WeCom, from the encrypted callback to the members who are in it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.contacts import reach
from app.contacts.groups import groups
from app.entrances.models import Entrance
from app.identity.models import Member
from app.kernel.db import db
from app.timeline.models import EventKind, TimelineEvent
from app.wechat.callbacks.models import PlatformEvent
from app.wechat.gateway import Gateway
from tests.open_api.callbacks import CallbackTrap, deliver
from tests.open_api.contacts import link, member_of


class Chat:
    """A group of the sandbox with one person, whose callbacks reach the product."""

    def __init__(self, client: FlaskClient, trap: CallbackTrap, gateway: Gateway) -> None:
        self.client, self.trap, self.gateway, self.heard = client, trap, gateway, 0
        self.person = trap.platforms.person()
        self.id = str(trap.platforms.post("/phone/api/chats", {"name": "悦汇城吃货群"})["chat_id"])
        self.hear()

    def join(self) -> None:
        self.trap.platforms.post(f"/phone/api/people/{self.person['id']}/chats/{self.id}")

    def leave(self) -> None:
        self.trap.platforms.delete(f"/phone/api/people/{self.person['id']}/chats/{self.id}")

    def hear(self, *, also_work: bool = True) -> None:
        """The next callback comes, twice, and is worked off."""
        self.heard += 1
        callback = self.trap.callbacks(self.heard)[self.heard - 1]
        for _ in range(2):
            assert deliver(self.client, callback).status_code == 200
        if also_work:
            assert link(self.gateway) == 1

    def member(self) -> Member:
        return member_of(str(self.person["external_userid"]))

    def behaviours(self) -> list[str]:
        rows = select(TimelineEvent.kind).where(TimelineEvent.member_id == self.member().id)
        return list(db.session.scalars(rows.order_by(TimelineEvent.id)))

    def is_reachable(self) -> bool:
        return self.member().id in set(db.session.scalars(reach.select_reachable()))

    def is_in(self) -> bool:
        found = groups.list_of([str(self.person["external_userid"])])
        return any(group.name == "悦汇城吃货群" and one.left_at is None for group, one in found)


@pytest.fixture
def chat(client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance) -> Chat:
    return Chat(client, trap, gateway)


def test_who_comes_into_a_group_is_known_and_reachable_until_they_leave_it(chat: Chat) -> None:
    chat.join()
    chat.hear()
    assert (chat.is_in(), chat.is_reachable()) == (True, True)
    chat.leave()
    chat.hear()
    assert (chat.is_in(), chat.is_reachable()) == (False, False)
    assert chat.behaviours() == [EventKind.GROUP_JOINED, EventKind.GROUP_LEFT]
    chat.join()
    chat.hear()
    assert chat.is_in()


def test_events_that_come_late_say_only_that_somebody_must_look(chat: Chat) -> None:
    chat.join()
    chat.leave()
    chat.hear(also_work=False)
    chat.hear(also_work=False)
    assert link(chat.gateway) == 2
    assert groups.list_of([str(chat.person["external_userid"])]) == []


def test_a_group_that_is_dissolved_has_nobody(chat: Chat) -> None:
    chat.join()
    chat.hear()
    chat.trap.platforms.delete(f"/phone/api/chats/{chat.id}")
    chat.hear()
    assert (chat.is_in(), chat.is_reachable()) == (False, False)


def test_who_has_left_the_product_is_not_taken_for_somebody_new_in_the_group(chat: Chat) -> None:
    chat.join()
    chat.hear()
    external = str(chat.person["external_userid"])
    groups.forget([external])
    assert groups.list_of([external]) == []
    known = groups.find(chat.id)
    assert known is not None
    chat.trap.platforms.post(f"/phone/api/people/{chat.trap.platforms.person(2)['id']}/chats/{chat.id}")
    chat.hear()
    assert groups.list_of([external]) == []


def test_a_forged_callback_is_kept_nowhere(client: FlaskClient, chat: Chat) -> None:
    before = len(db.session.scalars(select(PlatformEvent)).all())
    chat.join()
    callback = chat.trap.callbacks(2)[1]
    assert deliver(client, callback, msg_signature="0" * 40).status_code == 403
    assert len(db.session.scalars(select(PlatformEvent)).all()) == before
