"""What all platforms' endpoints share: reading bodies, answering errcodes, striking with faults, logging calls."""

import json
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, request

from sandbox.kit import ids
from sandbox.kit.errors import Refusal
from sandbox.kit.requestlog import scrub_body, scrub_query
from sandbox.kit.world import world


def platform_blueprint(name: str, import_name: str, platform_of: Callable[[], str] | None = None) -> Blueprint:
    """A blueprint whose calls are logged and can be struck by the faults of its platform.

    `platform_of` tells the platform per request where an endpoint serves several.
    """
    blueprint = Blueprint(name, import_name)
    blueprint.before_request(lambda: _begin(platform_of() if platform_of else name))
    blueprint.after_request(_finish)
    return blueprint


def _begin(platform: str) -> Response | None:
    """Note the call; a fault that answers instead of the endpoint answers here."""
    g.platform, g.started, g.struck = platform, time.perf_counter(), ""
    faults, path = world().faults, request.path
    if late := faults.strike("latency", platform, path):
        g.struck = "latency"
        time.sleep(int(late.value) / 1000)
    if faults.strike("reset", platform, path):
        return _reset()
    if broken := faults.strike("http", platform, path):
        g.struck = "http"
        return Response("<html><body>Bad Gateway</body></html>", int(broken.value), content_type="text/html")
    if refused := faults.strike("errcode", platform, path):
        g.struck = "errcode"
        return _refusal_on_demand(platform, refused.value)
    return None


def _refusal_on_demand(platform: str, value: str) -> Response:
    if platform == "pay":
        status = {"SIGN_ERROR": 401, "NO_AUTH": 403, "FREQUENCY_LIMITED": 429, "SYSTEM_ERROR": 500}.get(value, 400)
        return json_response({"code": value, "message": "sandbox fault"}, status)
    if platform in ("sms", "gate"):
        return json_response({"ok": False, "error": value})
    code = int(value) if value.lstrip("-").isdigit() else -1
    return refusal_response(Refusal(code, "sandbox fault"))


def _finish(response: Response) -> Response:
    """Faults that spoil the answer, then the log entry."""
    platform, path = g.platform, request.path
    faults = world().faults
    if faults.strike("reset_after", platform, path):
        response = _reset()
    if faults.strike("empty", platform, path):
        g.struck = "empty"
        response = Response(b"", 200, content_type="application/json")
    world().log.add(
        at=world().clock.now(),
        way="in",
        platform=platform,
        method=request.method,
        path=path,
        query=scrub_query(request.query_string.decode("latin-1")),
        body=scrub_body(request.get_data()),
        status=response.status_code,
        errcode=_errcode(response),
        fault=g.struck,
        ms=round((time.perf_counter() - g.started) * 1000),
    )
    return response


def _errcode(response: Response) -> str:
    if response.direct_passthrough or not response.get_data().startswith(b"{"):
        return ""
    data = json.loads(response.get_data())
    found = data.get("errcode") or data.get("code") or data.get("error") or ""
    return str(found) if isinstance(found, (int, str)) else ""


def _reset() -> Response:
    """Have the server drop the connection: the caller sees neither a status nor an orderly end."""
    g.struck = "reset"
    request.environ["sandbox.reset"] = True
    return Response(b"", 500)


def json_body() -> dict[str, Any]:
    """The JSON object of the request, whatever its Content-Type says. Raises Refusal 47001."""
    data = request.get_json(force=True, silent=True)
    if not isinstance(data, dict):
        raise Refusal(47001, "data format error")
    return data


def json_response(data: dict[str, Any], status: int = 200, content_type: str = "application/json") -> Response:
    """A JSON answer with Chinese text as it is."""
    return Response(json.dumps(data, ensure_ascii=False), status, content_type=f"{content_type}; charset=utf-8")


def plain_response(data: dict[str, Any]) -> Response:
    """A JSON answer labelled text/plain, as /sns/* does."""
    return json_response(data, content_type="text/plain")


def refusal_response(error: Refusal) -> Response:
    """An errcode with HTTP 200 and the platform's trailing words in errmsg."""
    if g.get("platform") == "wecom":
        hint = f"hint: [{ids.digits(15)}], from ip: 127.0.0.1, more info at "
        text = f"{error.errmsg}, {hint}https://open.work.weixin.qq.com/devtool/query?e={error.errcode}"
    else:
        text = f"{error.errmsg} rid: {ids.request_id()}"
    body = {"errcode": error.errcode, "errmsg": text}
    return plain_response(body) if request.path.startswith("/sns/") else json_response(body)
