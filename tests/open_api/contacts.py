"""A person of the sandbox who adds a contact, and what the product made of it."""

from sqlalchemy import select

from app.contacts.models import ContactGreeting
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.kernel.db import db
from app.wechat.gateway import Gateway
from app.workers import contacts as contact_flow
from app.workers import greetings
from tests.open_api.callbacks import CallbackTrap
from tests.sandbox.product import Received

PUBLIC_URL = "https://mall.example"


def scanned(trap: CallbackTrap, gateway: Gateway, state: str, *, callbacks: int = 1) -> list[Received]:
    """The person scans a contact code with this state; the callbacks about it."""
    way = gateway.wecom.add_contact_way(state)
    person = trap.platforms.person()
    trap.platforms.post(f"/phone/api/people/{person['id']}/wecom/add", {"config_id": way.config_id})
    return trap.callbacks(callbacks)


def greet(gateway: Gateway) -> int:
    return greetings.send_due_greetings(gateway.wecom, public_url=PUBLIC_URL, limit=10)


def link(gateway: Gateway) -> int:
    return contact_flow.link_due_contacts(gateway.wecom, limit=10)


def greeting() -> ContactGreeting:
    db.session.expire_all()
    return db.session.scalars(select(ContactGreeting)).one()


def received(trap: CallbackTrap) -> list[dict[str, object]]:
    person = trap.platforms.person()
    found: list[dict[str, object]] = trap.platforms.get(f"/phone/api/people/{person['id']}/messages?channel=wecom")[
        "items"
    ]
    return found


def member_of(external_user_id: str) -> Member:
    row = db.session.scalars(
        select(MemberIdentity).where(
            MemberIdentity.kind == IdentityKind.WECOM_EXTERNAL.value, MemberIdentity.value == external_user_id
        )
    ).one()
    member = db.session.get(Member, row.member_id, populate_existing=True)
    assert member is not None
    return member
