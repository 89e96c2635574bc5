"""Who is asking, in the portal and the console: session cookies, the `staff_required` decorator, signing in and out.

    @blueprint.post("/entrances")
    @staff_required("entrance.manage")
    def create(who: SignedIn) -> ResponseReturnValue: ...

The decorator hands the signed-in person to the view as its first argument. It asks whether they hold the permission at
all (on the portal: in the store they stand in); which rows they may touch is for the query, by `who.scope.condition`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from app.access import audit, staff, staff_queries
from app.access.errors import FaceForbidden, PasswordTemporary, SignInRequired, StoreRequired
from app.access.scopes import Scope
from app.access.staff_queries import SignedIn
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import Forbidden
from app.web import context, proofs
from app.web.staff import csrf, devices, left_forms, portals
from app.web.staff.portals import Portal

View = Callable[..., ResponseReturnValue]


def guard(blueprint: Blueprint, portal: Portal) -> None:
    """Make the blueprint and its children a portal: forgery checks in, session cookies out."""
    csrf.protect(blueprint, portal)

    @blueprint.after_request
    def send_cookie(response: Response) -> Response:
        if "session_token" in g:
            _send_cookie(response, portal, g.session_token)
        devices.send(response)
        return response


def staff_required(permission: str) -> Callable[[View], View]:
    """Let only staff with the permission in; raises SignInRequired, PasswordTemporary or Forbidden."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            return view(_ensure_allowed(get_signed_in(), permission), **arguments)

        return guarded

    return decorate


def _ensure_allowed(who: SignedIn, permission: str) -> SignedIn:
    if who.password_temporary and request.path not in portals.current().open_with_temporary_password:
        raise PasswordTemporary
    if not who.can(permission):
        raise Forbidden(permission=permission)
    return who


def store_required(permission: str) -> Callable[[View], View]:
    """As `staff_required`, for views of the portal that work in the person's store: `view(who, stand, …)`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            who = get_signed_in()
            if who.stand is None:
                raise StoreRequired
            return view(_ensure_allowed(who, permission), who.stand, **arguments)

        return guarded

    return decorate


def find_signed_in() -> SignedIn | None:
    """The person whose live session this request carries, read once per request; renews a session in use."""
    if "signed_in" not in g:
        g.signed_in = _load()
    found: SignedIn | None = g.signed_in
    return found


def find_staff_id() -> int | None:
    """Whose live session this request carries."""
    found = find_signed_in() if portals.find_current() else None
    return None if found is None else found.staff_id


def get_signed_in() -> SignedIn:
    """The person whose live session this request carries, also with a temporary password; raises SignInRequired."""
    found = find_signed_in()
    if found is None:
        raise SignInRequired
    return found


def _load() -> SignedIn | None:
    portal = portals.current()
    token = request.cookies.get(portal.cookie)
    if not token:
        return None
    now = clock.now()
    found = staff_queries.find_signed_in(token, portal=portal.name, now=now)
    if found is None or not found.scope.has(portal.permission):
        return None
    if staff.needs_renewal(found.expires_at, now=now):
        with atomic():
            staff.renew_session(found.session_id, now=now)
        g.session_token = token
    return found


def sign_in(portal: Portal, *, phone: str, password: str) -> None:
    """Start a session on the portal; its cookie leaves with the answer.

    Raises ProofRequired, CredentialsWrong, AccountDisabled, FaceForbidden.
    """
    now, device = clock.now(), devices.find_known(phone)
    with atomic():
        staff.count_sign_in(phone, address=context.client_address(), device=device, proof=proofs.sent(), now=now)
        found = staff.find_credentials(phone)
    person = staff.check_credentials(found, password)
    with atomic():
        scope = staff_queries.scope_of(person.staff_id)
        if not scope.has(portal.permission):
            raise FaceForbidden
        store_id = _first_store(scope) if portal is portals.PORTAL else None
        g.session_token = staff.open_session(
            person,
            password=password,
            phone=phone,
            portal=portal.name,
            store_id=store_id,
            now=now,
            device=device,
        )
        audit.record(
            person.actor,
            action="staff.signed_in",
            subject=f"staff:{person.staff_id}",
            now=now,
            facts={"face": portal.name},
        )
    devices.remember(phone)
    left_forms.signed_in(person.staff_id)


def _first_store(scope: Scope) -> int | None:
    """The only store of a person who has one; with several they choose."""
    stores = staff_queries.list_stores_for(scope)
    return stores[0].Store.id if len(stores) == 1 else None


def sign_out(who: SignedIn) -> None:
    """End the session; the cookie goes with the answer."""
    with atomic():
        staff.close_session(who.session_id, now=clock.now())
    g.session_token = ""


def _send_cookie(response: Response, portal: Portal, token: str) -> None:
    response.set_cookie(
        portal.cookie,
        token,
        max_age=int(staff.SESSION_LIFE.total_seconds()) if token else 0,
        path=portal.prefix,
        secure=context.settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
