"""The official account: web OAuth, template messages, the JS-SDK ticket."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Response, make_response, redirect, render_template, request

from sandbox.kit import ids
from sandbox.kit.errors import Refusal
from sandbox.kit.wire import json_body, json_response, plain_response, platform_blueprint
from sandbox.kit.world import World, world
from sandbox.people import inbox, onetime, people
from sandbox.wechat import templates_registry, tokens

blueprint = platform_blueprint("official", __name__)

PERSON_COOKIE = "sandbox_person"
SCOPES = ("snsapi_base", "snsapi_userinfo")
_LOOPBACK = ("127.0.0.1", "localhost")


@blueprint.get("/connect/oauth2/authorize")
def authorize() -> Response:
    """The page WeChat shows before a web page may know the person; snsapi_base passes through without a word.

    Who it is: `?person=`, else the person the sandbox phone chose (cookie), else a list to choose from.
    """
    here, given = world(), request.args
    problem = _problem(here)
    if problem:
        return make_response(render_template("oauth_error.html", problem=problem), 400)
    person_id = given.get("person") or request.cookies.get(PERSON_COOKIE, "")
    person = people.find(here.store, "id", person_id) if person_id else None
    asked = given.get("scope") == "snsapi_userinfo" and given.get("allowed") != "1"
    if person is None or asked:
        everybody = here.store.all("SELECT * FROM people ORDER BY made_at, id")
        return make_response(render_template("oauth.html", person=person, people=everybody, link=_link))
    code = onetime.issue(here.store, here.clock, onetime.Kind.OAUTH, person["id"], given["scope"])
    target = given["redirect_uri"]
    query = urlencode({"code": code, "state": given.get("state", "")})
    base, mark, fragment = target.partition("#")
    joined = f"{base}{'&' if urlsplit(base).query else '?'}{query}{mark}{fragment}"
    answer = make_response(redirect(joined))
    answer.set_cookie(PERSON_COOKIE, person["id"], path="/connect", httponly=True, samesite="Lax")
    return answer


def _link(person_id: str) -> str:
    """This page again, with the person chosen and their consent given."""
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'person': person_id, 'allowed': '1'})}"


def _problem(here: World) -> str | None:
    given = request.args
    if given.get("appid") != here.settings.oa_appid:
        return "AppID 参数错误"
    if given.get("response_type") != "code" or given.get("scope") not in SCOPES:
        return "Scope 参数错误或没有 Scope 权限"
    if len(given.get("state", "")) > 128:
        return "state 参数过长"
    wanted, got = urlsplit(here.settings.product_url), urlsplit(given.get("redirect_uri", ""))
    same_host = got.hostname == wanted.hostname or {got.hostname, wanted.hostname} <= set(_LOOPBACK)
    if got.scheme not in ("http", "https") or not same_host:
        return "redirect_uri 域名与后台配置不一致，错误码 10003"
    return None


@blueprint.get("/sns/oauth2/access_token")
def oauth_token() -> Response:
    """Redeem an OAuth code."""
    here = world()
    if tokens.app_of(request.args.get("appid", ""), request.args.get("secret", "")) != "official":
        raise Refusal(40013, "invalid appid")
    if request.args.get("grant_type") != "authorization_code":
        raise Refusal(40002, "invalid grant_type")
    code = request.args.get("code", "")
    if not code:
        raise Refusal(41008, "missing code")
    try:
        person_id, scope = onetime.redeem(here.store, here.clock, onetime.Kind.OAUTH, code)
    except onetime.CodeUsed:
        raise Refusal(40163, "code been used") from None
    except onetime.CodeUnknown:
        raise Refusal(40029, "invalid code") from None
    return plain_response(_grant(here, people.get(here.store, person_id), scope))


def _grant(here: World, person: Any, scope: str) -> dict[str, Any]:
    granted = {
        "access_token": tokens.mint(here, "official", "user", openid=f"{scope}:{person['oa_openid']}"),
        "expires_in": tokens.LIFE_S,
        "refresh_token": ids.token(100, "refresh_"),
        "openid": person["oa_openid"],
        "scope": scope,
    }
    if scope == "snsapi_userinfo":
        granted["unionid"] = person["unionid"]
    return granted


@blueprint.get("/sns/userinfo")
def userinfo() -> Response:
    """Name and unionid for a page that was granted snsapi_userinfo."""
    here, token = world(), request.args.get("access_token", "")
    row = here.store.one("SELECT * FROM tokens WHERE token = ? AND kind = 'user'", token)
    if row is None:
        raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
    if row["expires_at"] <= here.clock.now():
        raise Refusal(42001, "access_token expired")
    scope, _, openid = row["openid"].partition(":")
    if scope != "snsapi_userinfo":
        raise Refusal(48001, "api unauthorized")
    person = people.find(here.store, "oa_openid", openid)
    if person is None or request.args.get("openid") != openid:
        raise Refusal(40003, "invalid openid")
    blank = {"sex": 0, "province": "", "city": "", "country": "", "headimgurl": "", "privilege": []}
    return plain_response({"openid": openid, "nickname": person["name"], **blank, "unionid": person["unionid"]})


@blueprint.post("/cgi-bin/message/template/send")
def send_template() -> Response:
    """Send a template message to a follower; a repeated client_msg_id is one message."""
    tokens.require("official")
    here, body = world(), json_body()
    person = people.find(here.store, "oa_openid", str(body.get("touser", "")))
    if person is None:
        raise Refusal(40003, "invalid openid")
    template = templates_registry.find(here.store, "official", body.get("template_id", ""))
    if template is None:
        raise Refusal(40037, "invalid template_id")
    if not person["follows_oa"]:
        raise Refusal(43004, "require subscribe")
    lines = templates_registry.filled(template, body.get("data"))
    message_id = int(ids.digits(18, "2"))
    content = {"title": template["title"], "lines": lines, "template_id": template["id"]}
    content |= {"url": body.get("url") or "", "page": (body.get("miniprogram") or {}).get("pagepath", "")}
    inbox.put(here.store, here.clock, "template", "会员服务号", content, person_id=person["id"])
    return json_response({"errcode": 0, "errmsg": "ok", "msgid": message_id})


@blueprint.get("/cgi-bin/ticket/getticket")
def ticket() -> Response:
    """The JS-SDK ticket; the same while it lives."""
    tokens.require("official")
    if request.args.get("type") != "jsapi":
        raise Refusal(40097, "invalid args")
    here, now = world(), world().clock.now()
    with here.store.transaction():
        sql = "SELECT * FROM tokens WHERE app = 'official-ticket' AND expires_at > ? ORDER BY minted_at DESC LIMIT 1"
        row = here.store.one(sql, now)
        value = row["token"] if row else tokens.mint(here, "official-ticket", "ticket")
        remaining_s = int(row["expires_at"] - now) if row else tokens.LIFE_S
    return json_response({"errcode": 0, "errmsg": "ok", "ticket": value, "expires_in": remaining_s})
