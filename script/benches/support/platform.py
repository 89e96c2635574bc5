"""WeChat for a bench: the three calls of signing in and joining, on the wire as the sandbox and WeChat have them.

It keeps nothing and looks nothing up: a login code is the openid, a phone code the phone. So it leaves the cores to the
server that is measured. `python -m script.benches.support.platform PORT` serves until it is ended.
"""

import asyncio
import json
import sys
from urllib.parse import parse_qs, urlsplit

from script.supervisor.ports import LOOPBACK

_LENGTH = b"\r\ncontent-length:"


class _Connection(asyncio.Protocol):
    """A kept connection on which one request comes after another."""

    def __init__(self) -> None:
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a TCP server hands over
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if found and len(body) >= _body_length(head):
            self.received = b""
            self.transport.write(_answer(head.partition(b" HTTP/")[0].decode().partition(" ")[2], body))


def _body_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(_LENGTH)
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


def _answer(target: str, body: bytes) -> bytes:
    found = _found(urlsplit(target).path, target, body)
    text = json.dumps(found or {}).encode()
    status = "404 Not Found" if found is None else "200 OK"
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text


def _found(path: str, target: str, body: bytes) -> dict[str, object] | None:
    if path == "/sns/jscode2session":
        [code] = parse_qs(urlsplit(target).query)["js_code"]
        return {"session_key": "c2Vzc2lvbi1rZXktb2YtMTY=", "openid": f"o{code}", "unionid": f"u{code}"}
    if path == "/wxa/business/getuserphonenumber":
        return {"errcode": 0, "errmsg": "ok", "phone_info": _phone_info(json.loads(body)["code"])}
    if path == "/cgi-bin/stable_token":
        return {"access_token": "t" * 136, "expires_in": 7200}
    return None


def _phone_info(phone: str) -> dict[str, object]:
    watermark = {"timestamp": 1_790_000_000, "appid": "wxsandboxmini0001"}
    return {"phoneNumber": phone, "purePhoneNumber": phone, "countryCode": "86", "watermark": watermark}


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, LOOPBACK, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
