"""Signing in and out, the store one stands in, one's own page and password."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import audit, staff, staff_queries
from app.access.scopes import GROUP, Place
from app.access.staff_queries import SignedIn
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import NotFound
from app.web.pages import pages, staff_accounts
from app.web.pages.staff_accounts import OwnPasswordForm, SignInForm
from app.web.staff import auth, portals
from app.web.staff.auth import staff_required

blueprint = Blueprint("account", __name__, template_folder="templates")

HOME = "/portal"


@blueprint.get("/sign-in")
def sign_in_page() -> ResponseReturnValue:
    """The form; whoever is signed in goes on."""
    if auth.find_signed_in() is not None:
        return redirect(pages.safe_next(HOME), 303)
    return render_template("portal/sign_in.html", form=SignInForm, next=pages.safe_next(HOME))


@blueprint.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Phone and password; on to where the person wanted to go."""
    form = SignInForm.read()
    auth.sign_in(portals.PORTAL, phone=form.phone, password=form.password)
    return redirect(pages.safe_next(HOME), 303)


@blueprint.post("/sign-out")
@staff_required("portal.enter")
def sign_out(who: SignedIn) -> ResponseReturnValue:
    """End this session."""
    auth.sign_out(who)
    return redirect(url_for("portal.account.sign_in_page"), 303)


@blueprint.get("/stores")
@staff_required("portal.enter")
def stores(who: SignedIn) -> ResponseReturnValue:
    """The stores one may stand in."""
    found = staff_queries.list_stores_for(who.scope)
    return render_template("portal/stores.html", stores=found, next=pages.safe_next(HOME))


def may_change_store() -> bool:
    """Whether the person may stand in more than one store."""
    who = auth.find_signed_in()
    return who is not None and len(staff_queries.list_stores_for(who.scope)) > 1


@blueprint.post("/stores/<code>")
@staff_required("portal.enter")
def choose_store(who: SignedIn, code: str) -> ResponseReturnValue:
    """Stand in another store."""
    chosen = next((row.Store for row in staff_queries.list_stores_for(who.scope) if row.Store.code == code), None)
    if chosen is None:
        raise NotFound(store=code)
    if who.stand is not None and who.stand.store_id == chosen.id:
        return redirect(pages.safe_next(HOME), 303)
    with atomic():
        staff.stand_in_store(who.session_id, chosen.id)
        audit.record(
            who.actor,
            action="staff.stood_in_store",
            subject=f"store:{chosen.id}",
            now=clock.now(),
            place=Place(mall_id=chosen.mall_id, merchant_id=chosen.merchant_id, store_id=chosen.id),
        )
    return redirect(pages.safe_next(HOME), 303)


@blueprint.get("/me")
@staff_required("portal.enter")
def me(who: SignedIn) -> ResponseReturnValue:
    """Who I am, where I work, and what I can change about it."""
    return render_template("portal/me.html", store_count=len(staff_queries.list_stores_for(who.scope)))


@blueprint.get("/me/password")
@staff_required("portal.enter")
def password_page(who: SignedIn) -> ResponseReturnValue:
    """The form for a new password of one's own; also what a temporary password opens."""
    return render_template("portal/password.html", form=OwnPasswordForm)


@blueprint.post("/me/password")
@staff_required("portal.enter")
def change_password(who: SignedIn) -> ResponseReturnValue:
    """Change one's own password; ends all other sessions. Whoever had to goes on to work."""
    home = HOME if who.password_temporary else url_for("portal.account.me")
    place = who.stand.place if who.stand is not None else GROUP
    return staff_accounts.submit_own_password(who, home=home, place=place)
