"""The mall's stores as a directory: where they are, when they are open, how to call them, which benefits hold there."""

from collections.abc import Sequence
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.benefits.grants import grants, places
from app.benefits.grants.places import Holding
from app.kernel import clock
from app.kernel.errors import NotFound
from app.malls import queries as malls
from app.malls import wording
from app.malls.models import Store
from app.pictures import queries as pictures
from app.pictures.rendering import PICTURE, STORE_LOGO
from app.web import terms
from member_api.kit import answers, kit, views
from member_api.kit.kit import MoneyCount

blueprint = kit.make_blueprint("stores", "The mall's stores")

_GIVEN = {grants.JOIN: "入会即得", grants.FIRST_ORDER_TASK: "新人任务可领"}


class CategoryView(Schema):
    """A kind of stores that the mall has."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class StoreBenefitView(Schema):
    """A benefit that holds in the store."""

    campaign = fields.String(required=True)
    title = fields.String(required=True)
    brief = fields.String(required=True)
    given = fields.String(required=True)


class DirectoryStoreView(answers.StoreView):
    """A store of the directory; minutes are of the mall's day, a store may close after midnight."""

    category = fields.String(required=True)
    opens_minute = MoneyCount(required=True, allow_none=True)
    closes_minute = MoneyCount(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    about = fields.String(required=True, allow_none=True)
    logo = fields.Nested(answers.PictureView, required=True, allow_none=True)
    picture = fields.Nested(answers.PictureView, required=True, allow_none=True)
    benefits = fields.List(fields.Nested(StoreBenefitView), required=True)


class DirectoryView(Schema):
    """Floors from below to above, the kinds of stores, and the stores by floor and name."""

    mall = fields.Nested(answers.MallView, required=True)
    floors = fields.List(fields.String(), required=True)
    categories = fields.List(fields.Nested(CategoryView), required=True)
    items = fields.List(fields.Nested(DirectoryStoreView), required=True)


@blueprint.get("/malls/<string:code>/stores")
@blueprint.response(200, DirectoryView)
@blueprint.alt_response(404, schema=kit.ErrorView)
def directory(code: str) -> ResponseReturnValue:
    """Every open store of a mall; small enough to search on the phone."""
    mall = malls.find_mall_by_code(code)
    if mall is None:
        raise NotFound(mall=code)
    stores = sorted(malls.list_open_stores(mall.id), key=lambda store: (_height(store.floor), store.name))
    holding = places.list_holding(mall.id, stores, now=clock.now())
    shown = pictures.list_shown("store", [store.id for store in stores])
    used = {store.category_code for store in stores}
    return jsonify(
        {
            "mall": views.mall(mall),
            "floors": list(dict.fromkeys(store.floor for store in stores)),
            "categories": [{"code": code, "name": name} for code, name in wording.CATEGORIES.items() if code in used],
            "items": [_store(store, holding[store.id], shown[store.id]) for store in stores],
        }
    )


def _store(store: Store, holding: Sequence[Holding], shown: dict[str, str]) -> dict[str, Any]:
    return {
        **views.store_place(store),
        "logo": views.picture(shown.get("logo"), STORE_LOGO),
        "category": store.category_code,
        "opens_minute": store.opens_minute,
        "closes_minute": store.closes_minute,
        "phone": store.phone,
        "about": store.about,
        "picture": views.picture(shown.get("picture"), PICTURE),
        "benefits": [
            {
                "campaign": one.campaign.public_id,
                "title": one.campaign.title,
                "brief": terms.brief(one.campaign, one.campaign, one.stores),
                "given": _GIVEN[one.trigger],
            }
            for one in holding
        ],
    }


def _height(floor: str) -> tuple[int, str]:
    """Where a floor lies, from the deepest up: B2, B1, 1F, 2F, 10F; what names no number comes last."""
    digits = "".join(letter for letter in floor if letter.isdecimal())
    if not digits:
        return 10_000, floor
    return (-int(digits) if floor[:1].upper() == "B" else int(digits)), floor
