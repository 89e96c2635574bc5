"""Members, visitors, consent texts."""

import itertools
from datetime import timedelta

from app.identity import members
from app.identity.models import ConsentDocument, IdentityKind, Member
from app.kernel import clock
from app.kernel.db import db
from app.malls.models import Mall
from tests.builders.malls import make_mall

_numbers = itertools.count(1)


def make_visitor(mall: Mall | None = None, **identities: str) -> Member:
    """Somebody seen by the given identities (`unionid=…`), by a new openid if none is given."""
    mall = mall or make_mall()
    known = {IdentityKind(kind): value for kind, value in identities.items()}
    return members.recognise(
        known or {IdentityKind.MINI_OPENID: f"openid-{next(_numbers)}"}, home_mall_id=mall.id, now=clock.now()
    )


def make_member(mall: Mall | None = None, *, phone: str | None = None, openid: str | None = None) -> Member:
    """Somebody who has joined, with a phone; reached in the mini-program by the openid, a new one if none is given."""
    visitor = make_visitor(mall, **({} if openid is None else {"mini_openid": openid}))
    member = members.bind_phone(visitor, phone or f"139{next(_numbers):08d}", now=clock.now())
    members.join(member, entrance_id=None, now=clock.now())
    return member


def make_consent_document(version: str = "v1", **facts: object) -> ConsentDocument:
    """A membership text in force since yesterday."""
    document = ConsentDocument(
        **{
            "kind": "membership",
            "version": version,
            "title": "会员协议",
            "body": "条款",
            "effective_from": clock.now() - timedelta(days=1),
        }
        | facts
    )
    db.session.add(document)
    db.session.flush()
    return document
