"""A member whose coupon and points the clerk of the pictures takes: joined by the member API, once in a demo mall."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import APIRequestContext, Page

from script.photos.camera import Studio
from script.supervisor.errors import Stop

PHONE = "13800009528"
DINING = "餐饮立减"
STORE, BOUGHT_FEN = "YH-4F-08", 58_800


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who has joined and bought something, and asks by their session."""

    api: APIRequestContext
    base: str
    headers: dict[str, str]

    def dining_code(self) -> str:
        """The code of a coupon that can be used in the clerk's store now."""
        coupons = _json(self.api.get(f"{self.base}/members/me/coupons?status=usable", headers=self.headers))["items"]
        codes = [coupon["code"] for coupon in coupons if DINING in coupon["title"]]
        if not codes:
            raise Stop("the shopper of the pictures has no dining coupon left: take them of a fresh demo")
        return str(codes[0])

    def member_code(self) -> str:
        """A code that a till takes once, within its minute."""
        return str(_json(self.api.get(f"{self.base}/members/me/code", headers=self.headers))["code"])


def come(studio: Studio, page: Page) -> Shopper:
    """They sign in by SMS, join and buy if they have not, and hold what the clerk takes."""
    api, base = page.request, f"{studio.stack.url}/api/v1"
    signed_in = _sign_in(studio, api, base)
    headers = {"Authorization": f"Bearer {signed_in['token']}", "Idempotency-Key": signed_in["token"][-24:]}
    if signed_in["member"]["status"] != "member":
        consent = _json(api.get(f"{base}/entrances/default"))["consent"]["version"]
        _json(api.post(f"{base}/members/me/join", headers=headers, data={"consent_version": consent}))
        receipt = {"store_code": STORE, "amount_fen": BOUGHT_FEN, "phone": PHONE}
        _json(api.post(f"{studio.stack.sandbox_url}/till/api/receipts", data=receipt))
    return Shopper(api, base, headers)


def _sign_in(studio: Studio, api: APIRequestContext, base: str) -> dict[str, Any]:
    _json(api.post(f"{base}/sms-codes", data={"phone": PHONE}))
    told = _json(api.get(f"{studio.stack.sandbox_url}/phone/api/sms?phone={PHONE}"))["items"][0]["text"]
    found = re.search(r"\d{6}", told)
    if found is None:
        raise Stop("no code came by SMS")
    return _json(api.post(f"{base}/sessions/sms", data={"phone": PHONE, "code": found.group()}))


def _json(answer: Any) -> dict[str, Any]:
    if not answer.ok:
        raise Stop(f"{answer.url} answered {answer.status}: {answer.text()[:200]}")
    body: dict[str, Any] = answer.json()
    return body
