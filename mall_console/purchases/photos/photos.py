"""Receipts that members photograph: people read one after the other, by keys, and each look is in the audit log."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from app.flows.claims import reviewing
from app.identity import queries as members
from app.kernel import clock
from app.kernel.db import atomic
from app.pictures import photographs
from app.purchases.claims.wording import REJECTIONS
from app.purchases.photos import queries
from app.purchases.photos.models import OPEN, ReceiptPhoto, State
from app.purchases.photos.photos import Seen
from app.purchases.photos.wording import PHOTO_REASONS, PHOTO_STATES
from app.purchases.rules import MOST_FEN
from app.purchases.settings import settings
from app.web import filters
from app.web.forms import fields, forms
from app.web.pages import pages
from app.workers.photos import reading
from mall_console.kit import stores
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.purchases.claims import joining
from mall_console.purchases.photos import hints
from mall_console.purchases.photos.photo_list import PHOTOS, TONES

blueprint = Blueprint("receipt_photos", __name__, url_prefix="/purchases/photos", template_folder="templates")

PERMISSION = "purchase.work"
# A program that is there has read some of so many.
_LATEST = 20


class ReadForm(forms.Form):
    """What somebody reads on a receipt."""

    store = fields.Raw("门店", most=64)
    receipt_no = fields.Raw("小票号", most=64)
    amount = fields.Hundredths("实付金额", least=1, most=MOST_FEN, unit="元")
    day = fields.Day("消费日期")
    time = fields.Maybe(fields.MinuteOfDay("打印时间"))


class RejectForm(forms.Form):
    """Why it is rejected."""

    reason = fields.Choice("驳回原因", PHOTO_REASONS)
    note = fields.Maybe(fields.Text("补充说明", most=60, hint="会员能看到；不填则显示所选原因"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many photographs wait for the person, and which is the next one."""

    count: int
    following: str | None


@blueprint.get("")
@mall_required("purchase.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Photographed receipts of the mall, the latest first."""
    waiting = _waiting(workspace) if workspace.can(PERMISSION) else Waiting(0, None)
    visible = workspace.condition("purchase.view", ReceiptPhoto.mall_id)
    return views.page(PHOTOS, workspace, "receipt_photos", waiting=waiting, is_read=_is_read(visible))


@blueprint.get("/review")
@mall_required(PERMISSION)
def review(workspace: Workspace) -> ResponseReturnValue:
    """Where whoever reads comes out behind the last one: all is read, or some were left to later."""
    return render_template("console/receipt_photos_done.html", waiting=_waiting(workspace))


@blueprint.get("/<public_id>")
@mall_required(PERMISSION)
def photo_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """One photograph with what was read on it, or the form to read it."""
    photo = _get(workspace, public_id)
    said = settings.of_mall(workspace.mall.id)
    typed = hints.proposed(photo)
    sent = clock.business_date(photo.created_at)
    member = members.get_member(photo.member_id)
    return render_template(
        "console/receipt_photo.html",
        photo=photo,
        member=member,
        joined=joining.day_of(member, beside=sent),
        joined_lately=joining.is_since(member, sent - timedelta(days=said.claim_days)),
        early=joining.warning(member, date.fromisoformat(typed["day"])) if typed["day"] else "",
        state=PHOTO_STATES[photo.state],
        tone=TONES[photo.state],
        is_open=photo.state in OPEN,
        waits_for_other=photo.state == State.CHECKED.value and photo.checked_by_id == workspace.who.actor.id,
        reason=photo.note or REJECTIONS[photo.reason] if photo.reason else "",
        form=ReadForm,
        reject_form=RejectForm,
        typed=typed,
        stores=stores.options(workspace),
        likeness=hints.likeness_of(workspace, photo, typed),
        claim=hints.claim_of(photo),
        is_read=photo.read_at is not None or _is_read(_visible(workspace)),
        second_fen=said.photo_second_fen,
        days=(sent - timedelta(days=said.claim_days), sent),
        waiting=_waiting(workspace, photo),
    )


@blueprint.get("/<public_id>/image")
@mall_required(PERMISSION)
def image(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """The photograph itself; who looked at it stands in the audit log."""
    photo = _get(workspace, public_id)
    with atomic():
        found = queries.get_image(photo)
        workspace.record("photo.view", f"member:{photo.member_id}", now=clock.now(), facts={"photo": public_id})
    response = Response(found, mimetype=photographs.MEDIA_TYPE)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.post("/<public_id>/approve")
@mall_required(PERMISSION)
def approve(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Record what somebody reads on it, and show the next one."""
    _get(workspace, public_id)
    form = ReadForm.read()
    seen = _seen(workspace, form)

    def act() -> str:
        now, photo = clock.now(), _get(workspace, public_id)
        done = reviewing.approve(photo.member_id, photo.id, seen, workspace.who.actor, now=now)
        is_checked = done.state == State.CHECKED.value
        facts = {"photo": public_id, "receipt_no": seen.receipt_no, "amount_fen": seen.amount_fen}
        action = "photo.check" if is_checked else "photo.approve"
        workspace.record(action, f"member:{photo.member_id}", now=now, facts=facts, store_id=seen.store.id)
        told = f"{seen.store.name} {filters.yuan(seen.amount_fen)}"
        pages.say(f"已提交复核：{told}" if is_checked else f"已通过：{told}")
        return _next(workspace, photo)

    return pages.submit(workspace.who, form.typed() | {"photo": public_id}, act)


@blueprint.post("/<public_id>/reject")
@mall_required(PERMISSION)
def reject(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Reject it for a reason that the member reads, and show the next one."""
    _get(workspace, public_id)
    form = RejectForm.read()

    def act() -> str:
        now, photo = clock.now(), _get(workspace, public_id)
        reviewing.reject(photo.member_id, photo.id, form.reason, workspace.who.actor, note=form.note, now=now)
        facts = {"photo": public_id, "reason": form.reason}
        workspace.record("photo.reject", f"member:{photo.member_id}", now=now, facts=facts)
        pages.say(f"已驳回：{form.note or PHOTO_REASONS[form.reason]}")
        return _next(workspace, photo)

    return pages.submit(workspace.who, form.typed() | {"photo": public_id}, act)


def _is_read(visible: ColumnElement[bool]) -> bool:
    """Whether a program reads photographs: here, or on the machine of the jobs, as what it has read shows."""
    return reading.is_installed() or not queries.is_none_read(visible, latest=_LATEST)


def _visible(workspace: Workspace) -> ColumnElement[bool]:
    return workspace.condition(PERMISSION, ReceiptPhoto.mall_id)


def _get(workspace: Workspace, public_id: str) -> ReceiptPhoto:
    return queries.get_by_public_id(public_id, visible=_visible(workspace))


def _next(workspace: Workspace, photo: ReceiptPhoto) -> str:
    """The address of the next one behind this, which is decided; those before it were left to later."""
    found = queries.find_next(_visible(workspace), staff_id=workspace.who.actor.id, after=photo)
    return f"{workspace.base}/purchases/photos/{'review' if found is None else found.public_id}"


def _waiting(workspace: Workspace, photo: ReceiptPhoto | None = None) -> Waiting:
    """Behind a photograph, or from the beginning."""
    visible, staff_id = _visible(workspace), workspace.who.actor.id
    following = queries.find_next(visible, staff_id=staff_id, after=photo)
    return Waiting(queries.count_open(visible, staff_id=staff_id), None if following is None else following.public_id)


def _seen(workspace: Workspace, form: ReadForm) -> Seen:
    """What was read; raises FieldInvalid for a store of another mall, and a number that no till prints."""
    store = stores.get_chosen(workspace, ReadForm.store, form.store)
    number = form.receipt_no.strip()
    if not number.isascii() or not number.isprintable() or " " in number or not number:
        raise ReadForm.receipt_no.refuse("请照小票填写，只含字母、数字和符号")
    at = None if form.time is None else clock.start_of_day(form.day) + timedelta(minutes=form.time)
    return Seen(store=store, receipt_no=number, amount_fen=form.amount, business_day=form.day, printed_at=at)
