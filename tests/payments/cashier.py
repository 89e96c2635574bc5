"""A member with a parked car and a phone with WeChat Pay."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.identity.models import Member
from app.kernel.db import db
from app.payments.models import PaymentOrder
from app.wechat.gateway import Gateway
from tests.builders.parking import Ground, make_driver, make_ground
from tests.sandbox.product import Product, Received
from tests.support.member_api import Device, sign_in
from tests.support.platforms import Platforms

NOTICES = "/open/v1/wechat-pay/notices"


@dataclass(frozen=True, slots=True)
class Cashier:
    """The member's device, the sandbox that plays WeChat and the gate, and what it sends."""

    device: Device
    member: Member
    ground: Ground
    platforms: Platforms
    product: Product
    gateway: Gateway

    @classmethod
    def open(cls, client: FlaskClient, platforms: Platforms, product: Product, gateway: Gateway) -> "Cashier":
        gate = platforms.world.settings
        ground = make_ground(code=next(iter(gate.car_parks)), gate_url=platforms.url, gate_secret=gate.gate_secret)
        member = make_driver(ground, points=200, coupons=(60,))
        ground.comes(minutes_ago=100)
        openid = platforms.person()["openid"]
        device = sign_in(client, member, channel="mini_program", openid=openid)
        return cls(device, member, ground, platforms, product, gateway)

    def begin(self, *, key: str | None = None) -> TestResponse:
        """Pays with the coupon, 200 points, and 4 yuan in cash."""
        path = f"/members/me/parking/{self.session_id}"
        quote = self.device.post(f"{path}/quote").json or {}
        proposal = quote["proposal"]
        wish = {
            "quote_id": quote["quote_id"],
            "coupon_ids": [one["id"] for one in proposal["coupons"]],
            "points": proposal["points"]["points"],
        }
        return self.device.post(f"{path}/pay", wish, key=key)

    @property
    def session_id(self) -> str:
        return str((self.device.get("/members/me/parking").json or {})["sessions"][0]["id"])

    def confirm(self, wechat_pay: dict[str, Any]) -> Received:
        """The person confirms the payment sheet; returns the notice the platform sends."""
        before = len(self.product.received)
        self.platforms.post(f"/phone/api/people/{self.platforms.person()['id']}/pay", wechat_pay)
        return self.product.wait_for(before + 1)[before]

    def take(self, notice: Received) -> TestResponse:
        """The notice arrives at the product."""
        return self.device.client.post(NOTICES, data=notice.body, headers=notice.headers)

    def payment(self, payment_id: str) -> dict[str, Any]:
        return dict(self.device.get(f"/members/me/parking/payments/{payment_id}").json or {})

    def order(self) -> PaymentOrder:
        """The only order."""
        return db.session.scalars(select(PaymentOrder).execution_options(populate_existing=True)).one()
