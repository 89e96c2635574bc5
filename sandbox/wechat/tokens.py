"""Access tokens of the three accounts, and the endpoints that give them out."""

from flask import Response, g, request

from sandbox.kit import ids
from sandbox.kit.errors import Refusal
from sandbox.kit.wire import json_body, json_response, platform_blueprint
from sandbox.kit.world import World, world

LIFE_S = 7200
OVERLAP_S = 300
FORCED_GAP_S = 30
FORCED_PER_DAY = 20


def mint(here: World, app: str, kind: str, *, openid: str = "", forced: bool = False) -> str:
    """A new token of an app ("mini", "official", "wecom"; kind "classic", "stable", "corp", "user")."""
    now = here.clock.now()
    token = ids.token(136, f"{len(app)}0_")
    columns = {"token": token, "app": app, "kind": kind, "openid": openid, "forced": int(forced)}
    here.store.insert("tokens", **columns, minted_at=now, expires_at=now + LIFE_S)
    here.store.write("DELETE FROM tokens WHERE expires_at < ?", now - 2 * 86400)
    return token


def expire_now(here: World, app: str = "*") -> int:
    """Expire every living token of a platform, or of all; how many."""
    now = here.clock.now()
    sql = "UPDATE tokens SET expires_at = ? WHERE expires_at > ? AND ? IN (app, '*')"
    return here.store.write(sql, now, now, app)


def require(app: str) -> None:
    """Check the access_token of a call. Raises Refusal: 41001, 40001 (WeCom 40014), 42001."""
    here, token = world(), request.args.get("access_token", "")
    unknown = Refusal(40014, "invalid access_token") if app == "wecom" else _not_latest()
    if not token:
        raise Refusal(41001, "access_token missing")
    if here.faults.strike("reject_token", app, request.path):
        g.struck = "reject_token"
        raise unknown
    row = here.store.one("SELECT * FROM tokens WHERE token = ? AND app = ? AND kind <> 'user'", token, app)
    if row is None:
        raise unknown
    if row["expires_at"] <= here.clock.now():
        raise unknown if row["replaced"] else Refusal(42001, "access_token expired")


def _not_latest() -> Refusal:
    return Refusal(40001, "invalid credential, access_token is invalid or not latest")


def app_of(appid: str, secret: str) -> str:
    """Which account an appid with its secret is. Raises Refusal 41002, 40013, 41004, 40125."""
    settings = world().settings
    accounts = {
        settings.mini_appid: ("mini", settings.mini_secret),
        settings.oa_appid: ("official", settings.oa_secret),
    }
    if not appid:
        raise Refusal(41002, "appid missing")
    if appid not in accounts:
        raise Refusal(40013, "invalid appid")
    if not secret:
        raise Refusal(41004, "appsecret missing")
    app, wanted = accounts[appid]
    if not wanted or secret != wanted:
        raise Refusal(40125, "invalid appsecret")
    return app


def _platform() -> str:
    """The platform whose faults strike: these endpoints serve two, told apart by appid."""
    body = request.get_json(force=True, silent=True) if request.method == "POST" else None
    appid = body.get("appid") if isinstance(body, dict) else request.args.get("appid")
    return "official" if appid == world().settings.oa_appid else "mini"


blueprint = platform_blueprint("token", __name__, _platform)


@blueprint.get("/cgi-bin/token")
def classic_token() -> Response:
    """GET /cgi-bin/token: a new token each time; the one before it lives five minutes longer."""
    if request.args.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")
    here = world()
    app = app_of(request.args.get("appid", ""), request.args.get("secret", ""))
    with here.store.transaction() as connection:
        ends = here.clock.now() + OVERLAP_S
        sql = "UPDATE tokens SET expires_at = min(expires_at, ?), replaced = 1 WHERE app = ? AND kind = 'classic'"
        connection.execute(sql, (ends, app))
        token = mint(here, app, "classic")
    return json_response({"access_token": token, "expires_in": LIFE_S})


@blueprint.post("/cgi-bin/stable_token")
def stable_token() -> Response:
    """POST /cgi-bin/stable_token: the same token until shortly before its end; force_refresh kills it."""
    body = json_body()
    if body.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")
    app = app_of(str(body.get("appid", "")), str(body.get("secret", "")))
    with world().store.transaction():
        token, remaining_s = _stable(world(), app, force=body.get("force_refresh") is True)
    return json_response({"access_token": token, "expires_in": remaining_s})


def _stable(here: World, app: str, *, force: bool) -> tuple[str, int]:
    now = here.clock.now()
    sql = "SELECT * FROM tokens WHERE app = ? AND kind = 'stable' AND replaced = 0 ORDER BY minted_at DESC LIMIT 1"
    current = here.store.one(sql, app)
    if force and _may_force(here, app):
        sql = "UPDATE tokens SET expires_at = ?, replaced = 1 WHERE app = ? AND kind = 'stable' AND expires_at > ?"
        here.store.write(sql, now, app, now)
        return mint(here, app, "stable", forced=True), LIFE_S
    # Renewed five minutes before its end, while the old one still works.
    if current is None or current["expires_at"] - now < OVERLAP_S:
        return mint(here, app, "stable"), LIFE_S
    return current["token"], int(current["expires_at"] - now)


def _may_force(here: World, app: str) -> bool:
    now = here.clock.now()
    sql = "SELECT count(*) AS n, max(minted_at) AS last FROM tokens WHERE app = ? AND forced = 1 AND minted_at > ?"
    row = here.store.one(sql, app, now - 86400)
    if row is None or row["last"] is None:
        return True
    if row["n"] >= FORCED_PER_DAY:
        raise Refusal(45009, "reach max api daily quota limit")
    return bool(now - row["last"] >= FORCED_GAP_S)


def corp_token() -> Response:
    """GET /cgi-bin/gettoken: one token per secret, the same while it lives."""
    here = world()
    if request.args.get("corpid", "") != here.settings.corp_id:
        raise Refusal(40013, "invalid corpid")
    secret = request.args.get("corpsecret", "")
    if not secret:
        raise Refusal(41004, "corpsecret missing")
    if secret != here.settings.corp_secret:
        raise Refusal(40001, "invalid credential")
    now = here.clock.now()
    with here.store.transaction():
        sql = "SELECT * FROM tokens WHERE app = 'wecom' AND expires_at > ? ORDER BY minted_at DESC LIMIT 1"
        row = here.store.one(sql, now)
        token = row["token"] if row else mint(here, "wecom", "corp")
        remaining_s = int(row["expires_at"] - now) if row else LIFE_S
    return json_response({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": remaining_s})
