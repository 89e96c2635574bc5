"""The kit of the server-rendered portals: templates, forms, flash messages, downloads, error pages.

In templates: filters `yuan`, `short_yuan`, `points`, `percent`, `share_text`, `signed`, `local_time`, `minutes_text`,
`month_text`, `day_text`, `short_day_text`; `asset(name)` is the address of a built script or style sheet;
`form_fields()` belongs into every form that posts, `web/_proof.html` besides into those that may cost a proof of work;
`old(name)` is what was typed before a refusal, `ticked(name)` what was ticked, `problem(name)` what was wrong with it;
`mall_today()` is the mall's day; `csrf_token()` for the page's meta tag; `who` is the signed-in person or None.
A view that posts: `return pages.submit(who, payload, act)`, where `act()` changes things, says so by `pages.say` and
returns the address to go to. A refusal goes back to the form, with its reason as a flash message. What may be otherwise
after the act is asked within it: a second press, which finds the first one's answer, then does not ask at all.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import (
    Blueprint,
    Flask,
    Response,
    flash,
    g,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined, Template
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from app.access import wording as access_wording
from app.access.staff_queries import SignedIn
from app.kernel import clock, wording
from app.kernel.security import codes
from app.kernel.settings import Settings
from app.purchases.wording import source_text
from app.verification.errors import ProofRequired
from app.web import commands, filters, reasons
from app.web.forms import forms
from app.web.pages import built, cookies, pictures, themes
from app.web.pages.downloads import download as download
from app.web.staff import auth, csrf, left_forms, portals

kit = Blueprint("kit", __name__, template_folder="templates")

_KEY_FIELD = "idempotency_key"
_TYPED = "typed"
_PROBLEMS = "problems"
_PROOF = "proof"
_ENDED = "登录已过期，请重新登录"
_ENDED_WHILE_TYPED = "登录已过期，请重新登录；填写的内容已保留，登录后请重新提交"
_TOO_LONG = "内容太长，没能全部保留，空着的请重新填写"
_SECRET_FIELD = re.compile(r"password|token|key", re.IGNORECASE)


def register(app: Flask, settings: Settings) -> None:
    """Install the kit on the application."""
    app.secret_key = settings.secret_key
    app.config.update(
        SESSION_COOKIE_NAME="huitou_page",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
    )
    app.session_interface = cookies.PageCookies()
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    written = (filters.yuan, filters.short_yuan, filters.points, filters.percent, filters.share_text, filters.signed)
    said = (
        filters.minutes_text,
        reasons.reason_of,
        wording.month_text,
        wording.day_text,
        wording.short_day_text,
        source_text,
    )
    for filter_ in (*written, filters.local_time, *said, codes.grouped, access_wording.actor_name):
        app.jinja_env.filters[filter_.__name__] = filter_
    app.jinja_env.globals.update(
        asset=built.Assets().address,
        form_fields=form_fields,
        csrf_token=csrf_token,
        proof_wanted=proof_wanted,
        old=old,
        ticked=ticked,
        problem=problem,
        flashes=_flashes,
        mall_today=_today,
    )
    app.context_processor(lambda: {"who": auth.find_signed_in() if portals.find_current() else None})
    app.register_blueprint(kit)
    app.register_blueprint(themes.blueprint)
    app.register_blueprint(pictures.blueprint)
    app.register_blueprint(built.blueprint)


def _today() -> str:
    """The mall's day, for calendars: a browser's own may be another."""
    return clock.business_date(clock.now()).isoformat()


def csrf_token() -> str:
    """This browser's token for the portal of the request."""
    return csrf.token(portals.current())


def form_fields() -> Markup:
    """The hidden fields of every form that posts: forgery token, a new idempotency key, and whose it is."""
    typist = left_forms.fields(auth.find_staff_id())
    fields = {csrf.FIELD: csrf_token(), _KEY_FIELD: codes.new_public_id()} | typist
    html = Markup('<input type="hidden" name="{}" value="{}">')
    return Markup("").join(html.format(name, value) for name, value in fields.items())


def form_key() -> str:
    """The idempotency key of the form that was sent; raises IdempotencyKeyMissing."""
    return commands.checked_key(request.form.get(_KEY_FIELD, ""))


def proof_wanted() -> dict[str, Any] | None:
    """The challenge that a form was refused with, for `web/_proof.html`; asked for once."""
    wanted: dict[str, Any] | None = session.pop(_PROOF, None)
    return wanted


def submit(who: SignedIn, payload: Mapping[str, Any], act: Callable[[], str]) -> BaseResponse:
    """Do a form's act once per key and go on to the address it returns; a repeat goes there without doing it again.

    Leave passwords out of the payload: its fingerprint is stored.
    """
    kept = commands.answer_once(
        who.caller,
        form_key(),
        payload,
        lambda: (303, {"location": act()}),
    )
    return redirect(kept.answer["location"], 303)


def find_done(who: SignedIn, payload: Mapping[str, Any]) -> BaseResponse | None:
    """Where a form went that was pressed before with this key; None when it was not, or not yet.

    For a form that is looked at before `submit` and shown again when something is in its way: the first press may be
    what is in the way of the second. Look for it after, so that a press that ends meanwhile is seen.
    """
    kept = commands.find_done(who.caller, form_key(), payload)
    return None if kept is None else redirect(kept.answer["location"], 303)


def say(text: str) -> None:
    """Tell the person on the next page that something was done."""
    flash(text, "done")


def old(name: str, otherwise: str = "") -> str:
    """What the person had typed into the field before the form was refused."""
    found = kept().get(name)
    return found[0] if found else otherwise


def ticked(name: str, otherwise: Sequence[str] = (), *, beside: str) -> Sequence[str]:
    """What the person had ticked before the form was refused; `otherwise` when it was not.

    A browser sends nothing of a field without ticks: `beside` is one of the same form that is always sent.
    """
    return kept().get(name, []) if beside in kept() else otherwise


def kept() -> dict[str, list[str]]:
    """All that was typed into the form that led to this page, by field."""
    if "huitou.typed" not in request.environ:
        request.environ["huitou.typed"] = session.pop(_TYPED, None) or left_forms.take(_here(), auth.find_staff_id())
    typed: dict[str, list[str]] = request.environ["huitou.typed"]
    return typed


def problem(name: str) -> str:
    """What was wrong with a field of the form that was refused; empty when nothing was."""
    problems: dict[str, str] = request.environ.setdefault("huitou.problems", session.pop(_PROBLEMS, {}))
    return problems.get(name, "")


def keep_typed() -> None:
    """Let the next page's form begin with what was typed into this one, secrets left out."""
    cookies.keep(_TYPED, _typed_fields())


def _flashes() -> Sequence[tuple[str, str]]:
    """Messages for this page: (`done` or `refused`, text)."""
    found: list[tuple[str, str]] = get_flashed_messages(with_categories=True)  # type: ignore[assignment]
    return found


def error_page(status: int, code: str, message: str, facts: Mapping[str, Any]) -> ResponseReturnValue:
    """What a person gets instead: the sign-in page, the form with the reason, or a page that says it."""
    portal = portals.find_current()
    if portal is not None and code == "sign_in_required":
        return _to_sign_in(portal)
    if portal is portals.PORTAL and code == "store_required":
        return _go(f"{portal.prefix}/stores")
    if portal is not None and code == "password_temporary":
        return _go(portal.password)
    came_from = find_own_page(request.headers.get("Referer", "")) if portal is not None else None
    if portal is not None and request.method == "POST" and status not in (404, 405, 413) and came_from:
        return _back(came_from, code, message, facts)
    if status >= 500:
        g.signed_in = g.get("signed_in")  # the page must not need what has just failed
    names: list[str | Template] = ["web/error.html"]
    if portal is not None and (status < 500 or g.signed_in is not None):
        names.insert(0, f"{portal.name}/error.html")
    home = portal.prefix if portal is not None else "/"
    may_pass = portal is not None and request.method == "GET" and (status == 429 or status >= 500)
    again = _here() if may_pass else None
    return render_template(names, status=status, code=code, message=message, home=home, again=again), status


def _to_sign_in(portal: portals.Portal) -> Response:
    """To the form for signing in, and from there to where the person was, with what was typed there."""
    is_page = request.method == "GET" and not is_part()
    back = _here() if is_page else find_own_page(request.headers.get("Referer", "")) or portal.prefix
    if request.method == "POST":
        is_kept = left_forms.remember_page(back) and bool(_typed_fields())
        flash(_ENDED_WHILE_TYPED if is_kept else _ENDED, "refused")
        if is_kept:
            _keep_for_next(left_forms.TYPED)
    return _go(f"{portal.prefix}/sign-in?next={quote(back)}")


def _back(came_from: str, code: str, message: str, facts: Mapping[str, Any]) -> Response:
    """To the form again, with the reason, what was typed, and the proof that it costs if it costs one."""
    flash(message, "refused")
    session[_PROBLEMS] = forms.problems_in(facts)
    if code == ProofRequired.code:
        session[_PROOF] = {name: facts[name] for name in ("challenge", "bits", "retry_after_s")}
    _keep_for_next(_TYPED)
    return _go(came_from)


def _keep_for_next(key: str) -> None:
    if not cookies.keep(key, _typed_fields()):
        flash(_TOO_LONG, "refused")


def _go(address: str) -> Response:
    """Redirect; a part of a page asked for by script makes the whole page go."""
    if is_part():
        return Response(headers={"HX-Redirect": address})
    return Response(status=303, headers={"Location": address})


def _here() -> str:
    return request.full_path.rstrip("?")


def find_own_page(address: str) -> str | None:
    """A full address without host and fragment if it is a page of this portal, else None."""
    _, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    page = slash + path.partition("#")[0]
    return page if host == request.host and _is_page(page) else None


def _is_page(address: str) -> bool:
    """Whether the address is a page of this portal: no other host's, and nothing that a header cannot hold."""
    prefix = portals.current().prefix
    is_ours = address == prefix or address.startswith((f"{prefix}/", f"{prefix}?"))
    return is_ours and address.isprintable() and "\\" not in address


def _typed_fields() -> dict[str, list[str]]:
    """What was typed, as far as it may come back; a NUL, which no form may hold, does not."""
    typed = {name: values for name, values in request.form.lists() if not _SECRET_FIELD.search(name)}
    return {name: values for name, values in typed.items() if "\0" not in "".join([name, *values])}


def safe_next(default: str) -> str:
    """Where `?next=` wants to go if that is a page of this portal, else the default."""
    wanted = request.values.get("next", "")
    return wanted if _is_page(wanted) else default


def is_part() -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def asked_day(default: date, *, name: str = "day") -> date:
    """The request's `?day=YYYY-MM-DD`, or the default when there is none or it is no date of this century."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default
    return day if 2000 <= day.year < 2100 else default
