"""Signing in and out, and one's own password."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.staff_queries import SignedIn
from app.web.pages import pages, staff_accounts
from app.web.pages.staff_accounts import OwnPasswordForm, SignInForm
from app.web.staff import auth, portals
from app.web.staff.auth import staff_required
from mall_console.kit import workspace

blueprint = Blueprint("account", __name__, template_folder="templates")


@blueprint.get("")
@staff_required("console.enter")
def home(who: SignedIn) -> ResponseReturnValue:
    """On to the mall one worked in last."""
    return redirect(workspace.home_of(who), 303)


@blueprint.get("/sign-in")
def sign_in_page() -> ResponseReturnValue:
    """The form; whoever is signed in goes on."""
    if auth.find_signed_in() is not None:
        return redirect(pages.safe_next(portals.CONSOLE.prefix), 303)
    return render_template("console/sign_in.html", form=SignInForm, next=pages.safe_next(portals.CONSOLE.prefix))


@blueprint.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Phone and password; on to where the person wanted to go."""
    form = SignInForm.read()
    auth.sign_in(portals.CONSOLE, phone=form.phone, password=form.password)
    return redirect(pages.safe_next(portals.CONSOLE.prefix), 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    auth.sign_out(auth.get_signed_in())
    return redirect(url_for("console.account.sign_in_page"), 303)


@blueprint.get("/password")
def password_page() -> ResponseReturnValue:
    """The form for a new password of one's own; also what a temporary password opens."""
    auth.get_signed_in()
    return render_template("console/password.html", form=OwnPasswordForm, home=portals.CONSOLE.prefix)


@blueprint.post("/password")
def change_password() -> ResponseReturnValue:
    """Change one's own password; ends all other sessions."""
    return staff_accounts.submit_own_password(auth.get_signed_in(), home=portals.CONSOLE.prefix)
