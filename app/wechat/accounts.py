"""How each account gets its token: stable_token for WeChat's accounts, gettoken per secret for WeCom."""

import hashlib
from functools import partial

from app.kernel.errors import PlatformUnavailable
from app.kernel.settings import WeChatSettings, WeComSettings
from app.wechat import mini, official, wecom
from app.wechat.callbacks.envelope import Envelope
from app.wechat.client.tokens import Fetched, TokenStore
from app.wechat.client.transport import Timeouts, TokenCalls, Transport, corp_client, public_client


def mini_program(settings: WeChatSettings, *, environment: str, timeouts: Timeouts) -> mini.MiniProgram:
    """The mini-program; outside production messages and codes open the version under development."""
    live = environment == "production"
    return mini.MiniProgram(
        appid=settings.mini_appid,
        secret=settings.mini_secret,
        state="formal" if live else "developer",
        env_version="release" if live else "develop",
        calls=_public(mini.PLATFORM, settings.api_url, settings.mini_appid, settings.mini_secret, timeouts),
    )


def official_account(settings: WeChatSettings, *, timeouts: Timeouts) -> official.OfficialAccount:
    """The official account with its JS-SDK ticket."""
    calls = _public(official.PLATFORM, settings.api_url, settings.oa_appid, settings.oa_secret, timeouts)
    return official.OfficialAccount(
        appid=settings.oa_appid,
        secret=settings.oa_secret,
        open_url=settings.open_url,
        calls=calls,
        tickets=TokenStore(f"jsapi:{settings.oa_appid}", partial(official.fetch_ticket, calls)),
    )


def corp(settings: WeComSettings, *, timeouts: Timeouts) -> wecom.Corp:
    """The corp's app for customer contacts."""
    transport = Transport(wecom.PLATFORM, settings.api_url, corp_client(settings.corp_id, settings.api_url), timeouts)
    # A corp has one token per secret, so the secret is part of the name, as a digest.
    which = hashlib.sha256(settings.secret.encode()).hexdigest()[:16]
    store = TokenStore(
        f"wecom:{settings.corp_id}:{which}", partial(_corp_token, transport, settings.corp_id, settings.secret)
    )
    envelope = Envelope(settings.callback_token, settings.callback_aes_key, settings.corp_id)
    return wecom.Corp(user_id=settings.contact_user, envelope=envelope, calls=TokenCalls(transport, store))


def _public(platform: str, root: str, appid: str, secret: str, timeouts: Timeouts) -> TokenCalls:
    transport = Transport(platform, root, public_client(appid, root), timeouts)
    return TokenCalls(transport, TokenStore(f"wechat:{appid}", partial(_stable_token, transport, appid, secret)))


def _stable_token(transport: Transport, appid: str, secret: str) -> Fetched:
    """The account's token without forcing a new one: whoever asks gets the same while it lives."""
    body = {"grant_type": "client_credential", "appid": appid, "secret": secret, "force_refresh": False}
    return _fetched(transport.platform, transport.read("post", "/cgi-bin/stable_token", body=body))


def _corp_token(transport: Transport, corp_id: str, secret: str) -> Fetched:
    query = {"corpid": corp_id, "corpsecret": secret}
    return _fetched(transport.platform, transport.read("get", "/cgi-bin/gettoken", query=query))


def _fetched(platform: str, answer: dict[str, object]) -> Fetched:
    token, life_s = answer.get("access_token"), answer.get("expires_in", 7200)
    if not token or not isinstance(life_s, int):
        raise PlatformUnavailable(platform=platform)
    return Fetched(str(token), life_s)
