"""Receipts that I photograph because the till did not credit them to me."""

import hashlib
from base64 import b64decode, b64encode
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate

from app.flows.claims import photographing
from app.identity import queries as identity
from app.identity.errors import MemberRequired
from app.kernel import clock
from app.kernel.db import atomic
from app.malls.models import Store
from app.pictures import photographs
from app.purchases.photos import photos, prints
from app.purchases.photos import queries as photo_queries
from app.purchases.photos.models import ReceiptPhoto
from app.purchases.photos.wording import MEMBER_STATES
from app.purchases.settings import settings
from app.verification import throttle
from app.web import commands, member_auth
from app.web.member_auth import Caller
from member_api.kit import kit
from member_api.kit.kit import MoneyCount
from member_api.receipts import brought
from member_api.receipts.brought import BroughtPageView, BroughtView

blueprint = kit.make_blueprint("receipt photos", "Receipts that the member photographs")

LONGEST = 1_900_000  # of a photograph in base64: with the rest of its request it stays below what a request may weigh
PHOTOS_PER_HOUR = 30  # drawn for a member, kept or refused: drawing takes a processor most of a second


class ReceiptPhotoRequest(kit.Strict):
    """A photograph (JPEG, PNG or WebP) in base64, and the claim that it proves, if it proves one."""

    photo = fields.String(required=True, validate=validate.Length(1, LONGEST))
    claim = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 64))


class ReceiptPhotoView(BroughtView):
    """A photographed receipt as the member reads it; `store`, number, sum and day are what people read on it, once they
    have."""

    state = fields.String(required=True, validate=validate.OneOf(["pending", "approved", "rejected", "withdrawn"]))
    store = fields.String(required=True, allow_none=True)
    receipt_no = fields.String(required=True, allow_none=True)
    amount_fen = MoneyCount(required=True, allow_none=True)
    day = fields.Date(required=True, allow_none=True)
    has_photo = fields.Boolean(required=True)


class ReceiptPhotosView(BroughtPageView):
    """A page of them, and how long photographs are kept."""

    items = fields.List(fields.Nested(ReceiptPhotoView), required=True)
    kept_days = MoneyCount(required=True)


class ReceiptImageView(Schema):
    """A photograph as an address that holds it."""

    url = fields.String(required=True, metadata={"description": "`data:image/jpeg;base64,…`"})


@blueprint.get("/members/me/receipt-photos")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.arguments(kit.PageRequest, location="query")
@blueprint.response(200, ReceiptPhotosView)
@member_auth.member_required
def list_mine(caller: Caller, page: dict[str, Any]) -> ResponseReturnValue:
    """My photographed receipts, the latest first."""
    person, said = identity.list_person_ids(caller.member.id), settings.of_mall(caller.member.home_mall_id)
    found = photo_queries.list_of_member(person, asked=kit.asked(page))
    sent = photos.count_today(person, now=clock.now())
    left = said.photos_per_day - sent if said.takes_photos else 0
    items = [_view(photo, store) for photo, store in found]
    return jsonify(brought.page(found, items, said, left=left) | {"kept_days": said.photo_days})


@blueprint.post("/members/me/receipt-photos")
@blueprint.doc(**kit.SIGNED_IN, **kit.COMMAND)
@blueprint.arguments(ReceiptPhotoRequest)
@blueprint.response(200, ReceiptPhotoView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@blueprint.alt_response(429, schema=kit.ErrorView)
@member_auth.member_required
def send(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    """Send a photographed receipt of my mall for people to read; one that was sent before is refused."""
    file, mall_id, claim = _decoded(told["photo"]), caller.member.home_mall_id, told["claim"]
    payload = {"photo": hashlib.blake2b(file, digest_size=16).hexdigest(), "claim": claim}
    kept = commands.find_answer(caller.name, payload)
    if kept is not None:
        return kept
    _ensure_may_send(caller)
    looks = prints.looks_of(photographs.draw(file))

    def act() -> commands.Answer:
        now = clock.now()
        photo = photographing.send_photo(caller.member.id, mall_id, looks, claim=claim, now=now)
        return 200, _view(photo, None)

    return commands.run_once(caller.name, payload, act, look_first=False)


def _ensure_may_send(caller: Caller) -> None:
    """Drawing costs more than all the rest: only for members who have photographs left today, and so often an hour.

    Raises MemberRequired, PhotosOff, PhotosUsedUp and Throttled.
    """
    if not identity.is_joined(caller.member):
        raise MemberRequired
    now, said = clock.now(), settings.of_mall(caller.member.home_mall_id)
    photos.ensure_left(identity.list_person_ids(caller.member.id), said, now=now)
    with atomic():  # one that is refused afterwards was drawn, too
        throttle.count_attempt(f"photos:{caller.member.id}", limit=PHOTOS_PER_HOUR, window_s=3_600, now=now)


@blueprint.get("/members/me/receipt-photos/<photo_id>/image")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, ReceiptImageView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@member_auth.member_required
def image(caller: Caller, photo_id: str) -> ResponseReturnValue:
    """The photograph of one of mine, while it is kept."""
    mine = ReceiptPhoto.member_id.in_(identity.list_person_ids(caller.member.id))
    found = photo_queries.get_image(photo_queries.get_by_public_id(photo_id, visible=mine))
    response = jsonify({"url": f"data:{photographs.MEDIA_TYPE};base64,{b64encode(found).decode()}"})
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.delete("/members/me/receipt-photos/<photo_id>/image")
@blueprint.doc(**kit.SIGNED_IN, **kit.COMMAND)
@blueprint.response(200, ReceiptPhotoView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@member_auth.member_required
def drop_image(caller: Caller, photo_id: str) -> ResponseReturnValue:
    """Let a photograph go now: what was decided stays, and what was not is taken back."""

    def act() -> commands.Answer:
        photo = photographing.drop_photo(caller.member.id, photo_id, now=clock.now())
        return 200, _view(photo, None)

    return commands.run_once(caller.name, {"photo": photo_id}, act)


def _decoded(text: str) -> bytes:
    """Raises ValidationError for what is no base64."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise ValidationError("no base64", "photo") from None


def _view(one: ReceiptPhoto, store: Store | None) -> dict[str, Any]:
    is_told = one.state == "approved"
    return {
        **brought.view(one, MEMBER_STATES[one.state]),
        **(brought.read_of(one) if is_told else dict.fromkeys(("receipt_no", "amount_fen", "day"))),
        "state": "pending" if one.state == "checked" else one.state,
        "store": store.name if store is not None and is_told else None,
        "has_photo": one.image_gone_at is None,
    }
