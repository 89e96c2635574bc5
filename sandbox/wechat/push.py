"""The mini-program's message push: events in the secure mode's envelope, as XML or JSON."""

import json
from typing import Any
from urllib.parse import urlencode

import requests

from sandbox.kit import ids
from sandbox.kit.envelope import Envelope, to_xml
from sandbox.kit.postman import Letter, Route
from sandbox.kit.world import World

PATH = "/open/v1/wechat/mini"
RETRY_S = [5.0, 5.0]


def envelope(here: World) -> Envelope:
    """The push URL's token and key."""
    settings = here.settings
    return Envelope(settings.mini_push_token, settings.mini_push_aes_key, settings.mini_appid)


def post_event(here: World, openid: str, event: str, fields: dict[str, Any]) -> None:
    """Queue an event about a person; nothing happens while the push URL is not configured.

    `fields` holds one wrapper element with a list of items; JSON flattens it to `List`.
    """
    if not here.settings.mini_push_aes_key:
        return
    head = {"ToUserName": ids.token(12, "gh_"), "FromUserName": openid, "CreateTime": int(here.clock.now())}
    payload = {"head": {**head, "MsgType": "event", "Event": event}, "fields": fields}
    here.postman.post("mini", event, payload, RETRY_S)


def _plain(here: World, payload: dict[str, Any]) -> str:
    if here.settings.mini_push_format == "json":
        items = [item for wrapped in payload["fields"].values() for item in wrapped]
        # With one template the platform sends the object itself, not a list of one.
        return json.dumps({**payload["head"], "List": items if len(items) > 1 else items[0]}, ensure_ascii=False)
    return to_xml({**payload["head"], **{name: {"List": items} for name, items in payload["fields"].items()}})


def route(here: World) -> Route:
    """How the postman delivers push events."""

    def build(payload: dict[str, Any]) -> Letter:
        seal, timestamp, nonce = envelope(here), str(int(here.clock.now())), ids.digits(10)
        encrypted = seal.encrypt(_plain(here, payload))
        query = urlencode(
            {
                "signature": seal.sign(timestamp, nonce),
                "timestamp": timestamp,
                "nonce": nonce,
                "openid": payload["head"]["FromUserName"],
                "encrypt_type": "aes",
                "msg_signature": seal.sign(timestamp, nonce, encrypted),
            }
        )
        outer: dict[str, object] = {"ToUserName": payload["head"]["ToUserName"], "Encrypt": encrypted}
        as_json = here.settings.mini_push_format == "json"
        body = json.dumps(outer) if as_json else to_xml(outer)
        content_type = "application/json" if as_json else "text/xml"
        return Letter(f"{here.settings.product_url}{PATH}?{query}", {"Content-Type": content_type}, body.encode())

    return Route(build, _is_taken)


def _is_taken(answer: requests.Response) -> bool:
    return answer.status_code == 200 and answer.text.strip() in ("", "success")
