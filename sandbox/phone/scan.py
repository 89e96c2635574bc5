"""What the sandbox phone makes of a scanned text: a mini-program page, a contact, a web page, or plain words."""

from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

from sandbox.kit.world import World


def understand(here: World, content: str) -> dict[str, Any]:
    """The kind of a scanned text and the addresses it opens."""
    content = content.strip()
    path, _, query = content.partition("?")
    if path.startswith("pages/"):
        return _mini_program(here, path, (parse_qs(query).get("scene") or [""])[0])
    parts = urlsplit(content)
    if parts.path.startswith("/wecom/contact/") and parts.hostname in ("127.0.0.1", "localhost"):
        return _contact(here, parts.path.rpartition("/")[2])
    if parts.scheme in ("http", "https") and parts.hostname:
        return _web(here, content)
    return {"kind": "text", "text": content}


def _mini_program(here: World, page: str, scene: str) -> dict[str, Any]:
    known = page in here.settings.mini_pages
    return {"kind": "mini_program", "page": page, "scene": scene, "published": known, "ways": ways(here, page, scene)}


def ways(here: World, page: str, scene: str) -> dict[str, str]:
    """The three ways a scene can be opened: mini-program, inside WeChat, plain browser."""
    root, tail = f"{here.settings.product_url}/h5/", f"#/{page}" if page else ""
    given = {"scene": scene} if scene else {}
    return {
        "mini_program": f"{root}?{urlencode({**given, 'host': 'phone'}, quote_via=quote)}{tail}",
        "wechat": f"{root}?{urlencode({**given, 'via': 'wechat'}, quote_via=quote)}{tail}",
        "browser": f"{root}{'?' + urlencode(given, quote_via=quote) if given else ''}{tail}",
    }


def _contact(here: World, config_id: str) -> dict[str, Any]:
    found = here.store.one("SELECT 1 FROM contact_ways WHERE config_id = ?", config_id)
    return {"kind": "contact_way", "config_id": config_id, "valid": found is not None}


def _web(here: World, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    ours = (parts.scheme, parts.netloc) == tuple(urlsplit(here.settings.product_url)[:2])
    with_hint = urlunsplit(parts._replace(query=f"{parts.query}&via=wechat" if parts.query else "via=wechat"))
    return {"kind": "web", "url": url, "ours": ours, "ways": {"wechat": with_hint, "browser": url}}
