"""Notices of the business circle as WeChat Pay writes, seals and signs them."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.circle import authorisations, circles
from app.circle.models import State
from app.identity.models import Member
from app.kernel import clock
from app.kernel.security import codes
from app.malls.models import Mall
from sandbox.kit.clock import Clock
from sandbox.kit.settings import from_env
from sandbox.kit.world import World
from sandbox.pay import signatures
from sandbox.pay.signatures import PayKeys
from sandbox.people import people
from script.supervisor import devenv
from tests.support import run

ADDRESS = "/open/v1/wechat-pay/circle-notices"
MCHID = "1900000001"
OPENID = "oMINI_circle_1"
# The moment at which a notice is told.
THEN = "then"


@cache
def _platform() -> tuple[PayKeys, str]:
    """The platform's keys of the run, and our app."""
    environment = {**run.environment("postgresql:///unused"), **devenv.addresses(run.CLOSED_PORT, run.CLOSED_PORT)}
    settings = from_env({**environment, "SANDBOX_DATA": str(Path("unused"))})
    keys = signatures.load(settings)
    assert keys is not None
    return keys, settings.mini_appid


class _At(Clock):
    """The platform's clock, shown the product's moment."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> float:
        return self.moment.timestamp()


@dataclass(frozen=True, slots=True)
class Notice:
    """What the platform is about to tell."""

    kind: str
    said: dict[str, Any]

    def saying(self, **other: Any) -> "Notice":
        return replace(self, said=self.said | other)

    def body(self) -> bytes:
        keys, _ = _platform()
        envelope = {
            "id": f"EV-{codes.new_public_id()}",
            "create_time": _now(),
            "event_type": self.kind,
            "resource_type": "encrypt-resource",
            "summary": "商圈通知",
            "resource": keys.seal({name: _now() if one is THEN else one for name, one in self.said.items()}, self.kind),
        }
        return json.dumps(envelope, ensure_ascii=False).encode()


def deliver(
    client: FlaskClient, notice: Notice, *, at: datetime | None = None, body: bytes | None = None, probe: bool = False
) -> TestResponse:
    """Signed at the moment `at`; `body` is what arrives where that is not what was signed."""
    keys, _ = _platform()
    signed = notice.body()
    headers = keys.headers(_At(at or clock.now()), signed, probe=probe)
    data = signed if body is None else body
    return client.post(ADDRESS, data=data, headers=headers, content_type="application/json")


def make_known(world: World, *notices: Notice) -> None:
    """Let the platform know the payments and payers that the notices tell of: it takes points of no others."""
    for said in (one.said for one in notices):
        if people.find(world.store, "mini_openid", said["openid"]) is None:
            world.store.insert("people", **_stranger(said["openid"]))
        if "time_end" in said and isinstance(said["amount"], int):
            columns = ("transaction_id", "openid", "shop_number", "shop_name")
            facts = {"amount_fen": said["amount"], "paid_at": 0, "state": "told"}
            world.store.write("DELETE FROM circle_payments WHERE transaction_id = ?", said["transaction_id"])
            world.store.insert("circle_payments", **{name: said[name] for name in columns}, **facts)


def _stranger(openid: str) -> dict[str, Any]:
    ids = {name: f"{name} of {openid}" for name in ("id", "phone", "unionid", "oa_openid", "external_userid")}
    return {**ids, "name": "顾客", "mini_openid": openid, "follows_oa": 0, "made_at": 0}


def authorise(member: Member, world: World, *, openid: str = OPENID) -> None:
    """Let the member authorise the circle, at the platform and as far as we know."""
    make_known(world, authorised(openid))
    world.store.write("DELETE FROM circle_cards WHERE openid = ?", openid)
    world.store.insert("circle_cards", openid=openid, code="C1", state="AUTHORIZED", authorised_at=0)
    authorisations.note([member.id], member.id, mchid=MCHID, openid=openid, state=State.ON, at=clock.now())


def make_circle(mall: Mall, *, mchid: str = MCHID, brand_id: int | None = 1001) -> None:
    circles.set_up(mall.id, mchid=mchid, brand_id=brand_id, by="张岚", now=clock.now())


def authorised(openid: str = OPENID, *, mode: str = "REGISTERED_AND_AUTHORIZATION_MODE ") -> Notice:
    return Notice("MALL_AUTH.ACTIVATE_CARD", {"openid": openid, "code": "C1", "mchid": MCHID, "auth_type": mode})


def paid(number: str = "4200001", amount: Any = 12_345, *, shop: str = "", openid: str = OPENID, **more: Any) -> Notice:
    return Notice("MALL_TRANSACTION.SUCCESS", _said(number, shop, openid) | {"amount": amount, "time_end": THEN} | more)


def refunded(
    refund: str = "5030001",
    number: str = "4200001",
    amount: Any = 12_345,
    *,
    of: Any = 12_345,
    shop: str = "",
    openid: str = OPENID,
) -> Notice:
    more = {"refund_id": refund, "refund_amount": amount, "pay_amount": of, "refund_time": THEN}
    return Notice("MALL_REFUND.SUCCESS", _said(number, shop, openid) | more)


def _said(number: str, shop: str, openid: str) -> dict[str, Any]:
    _, appid = _platform()
    names = {"merchant_name": "悦汇城", "shop_name": "沸腾火锅", "shop_number": shop}
    return {"mchid": MCHID, "appid": appid, "openid": openid, "transaction_id": number} | names


def _now() -> str:
    return clock.local(clock.now()).isoformat(timespec="seconds")
