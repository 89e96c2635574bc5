"""What the answers look like: the schemas of the OpenAPI document, held against real answers by tests."""

from marshmallow import Schema, fields

from app.benefits.campaigns.models import CampaignKind
from app.entrances.entrances import Standing
from app.flows.privacy.own_data import SECTIONS
from member_api.kit.kit import MoneyCount
from member_api.kit.tier_answers import TierView


class PictureView(Schema):
    """Where a picture is served, in three widths; what stands at an address never changes."""

    small = fields.String(required=True)
    medium = fields.String(required=True)
    large = fields.String(required=True)


class MallView(Schema):
    """A mall as the member sees it; its bands run from `accent` to `accent_far`, or to a shade of `accent`."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    accent = fields.String(required=True)
    accent_far = fields.String(required=True, allow_none=True)
    slogan = fields.String(required=True, allow_none=True)
    logo = fields.Nested(PictureView, required=True, allow_none=True)
    cover = fields.Nested(PictureView, required=True, allow_none=True)
    card = fields.Nested(PictureView, required=True, allow_none=True)


class MemberView(Schema):
    """The signed-in person; `tasks_points` are those of the tasks that are still to be done."""

    id = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": ["visitor", "member"]})
    joined_at = fields.DateTime(required=True, allow_none=True)
    phone_masked = fields.String(required=True, allow_none=True)
    phone_verified = fields.Boolean(required=True)
    card_no = fields.String(required=True, allow_none=True)
    points = MoneyCount(required=True)
    tier = fields.Nested(TierView, required=True)
    growth = MoneyCount(required=True)
    mall = fields.Nested(MallView, required=True)
    coupons_usable = MoneyCount(required=True)
    tasks_done = MoneyCount(required=True)
    tasks_total = MoneyCount(required=True)
    tasks_points = MoneyCount(required=True)


class SessionView(Schema):
    """A session just started; the token goes into `Authorization: Bearer`."""

    token = fields.String(required=True)
    expires_at = fields.DateTime(required=True)
    member = fields.Nested(MemberView, required=True)


class StoreView(Schema):
    """A store that takes the coupon."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    floor = fields.String(required=True)


class OfferView(Schema):
    """A campaign before it is claimed."""

    campaign = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": [kind.value for kind in CampaignKind]})
    face_text = fields.String(required=True)
    brief = fields.String(required=True)
    until = fields.String(required=True)
    conditions = fields.List(fields.String(), required=True)
    stores = fields.List(fields.Nested(StoreView), required=True)
    picture = fields.Nested(PictureView, required=True, allow_none=True)


class ConsentView(Schema):
    """The text to agree to."""

    version = fields.String(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)


class EntranceView(Schema):
    """An entrance as a visitor sees it; a stopped or unknown code shows the main entrance's words."""

    scene = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    standing = fields.String(required=True, metadata={"enum": [standing.value for standing in Standing]})
    headline = fields.String(required=True)
    invited_by = fields.String(required=True, allow_none=True)
    mall = fields.Nested(MallView, required=True)
    benefits = fields.List(fields.Nested(OfferView), required=True)
    consent = fields.Nested(ConsentView, required=True)


class EmptyView(Schema):
    """Nothing to say."""


class RetryView(Schema):
    """When the next code may be asked for, in seconds."""

    retry_after_s = MoneyCount(required=True)


class UrlView(Schema):
    """Where to go."""

    url = fields.String(required=True)


class CouponView(Schema):
    """A member's coupon."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": [kind.value for kind in CampaignKind]})
    face_text = fields.String(required=True)
    brief = fields.String(required=True)
    conditions = fields.List(fields.String(), required=True)
    stores = fields.List(fields.Nested(StoreView), required=True)
    picture = fields.Nested(PictureView, required=True, allow_none=True)
    valid_from = fields.DateTime(required=True)
    valid_until = fields.DateTime(required=True)
    status = fields.String(
        required=True, metadata={"enum": ["usable", "upcoming", "reserved", "redeemed", "expired", "void"]}
    )
    plate = fields.String(required=True, allow_none=True)
    redeemed_at = fields.DateTime(required=True, allow_none=True)
    redeemed_store = fields.String(required=True, allow_none=True)


class CouponDetailView(CouponView):
    """A coupon with its code as a picture (data URI)."""

    svg = fields.String(required=True)


class CouponPageView(Schema):
    """A page of coupons."""

    items = fields.List(fields.Nested(CouponView), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class JoinedView(Schema):
    """Who the person is now, and what joining gave: nothing to who `had_before`, left, and has come back too soon."""

    member = fields.Nested(MemberView, required=True)
    had_before = fields.Boolean(required=True)
    granted = fields.List(fields.Nested(CouponView), required=True)


class MemberCodeView(Schema):
    """The rolling code: its text, its picture (data URI), when to ask for the next.

    `digits` are for saying aloud where a till cannot scan; they count only with the last four of the phone.
    """

    code = fields.String(required=True)
    digits = fields.String(required=True)
    svg = fields.String(required=True)
    expires_at = fields.DateTime(required=True)
    refresh_in_s = MoneyCount(required=True)


class TaskView(Schema):
    """A newbie task."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    reward_points = MoneyCount(required=True)
    done = fields.Boolean(required=True)
    done_at = fields.DateTime(required=True, allow_none=True)


class TaskWithOptionsView(TaskView):
    """A task with what it lets choose from."""

    options = fields.List(fields.Dict(), required=True)


class TaskListView(Schema):
    """The three tasks."""

    done = MoneyCount(required=True)
    total = MoneyCount(required=True)
    items = fields.List(fields.Nested(TaskWithOptionsView), required=True)


class TaskDoneView(Schema):
    """What finishing a task gave."""

    task = fields.Nested(TaskView, required=True)
    points_awarded = MoneyCount(required=True)
    points = MoneyCount(required=True)
    granted = fields.List(fields.Nested(CouponView), required=True)


class PlateView(Schema):
    """A number plate of mine."""

    plate = fields.String(required=True)
    bound_at = fields.DateTime(required=True)


class PlateListView(Schema):
    """My plates, the oldest first."""

    items = fields.List(fields.Nested(PlateView), required=True)


class PlateBoundView(Schema):
    """The plate as it is kept, and how many parking coupons are tied to it now.

    `had_gift`: the car had a parking gift of joining not long ago, so the member's own stay free for another car.
    """

    plate = fields.String(required=True)
    bound_coupons = MoneyCount(required=True)
    had_gift = fields.Boolean(required=True)


class StockView(Schema):
    """Messages that may still be sent, by template."""

    stock = fields.Dict(keys=fields.String(), values=MoneyCount(), required=True)


class OwnProfileView(Schema):
    """Who I am, in clear, and how my accounts stand."""

    id = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": ["visitor", "member"]})
    phone = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    card_no = fields.String(required=True, allow_none=True)
    mall = fields.String(required=True)
    first_seen_at = fields.DateTime(required=True)
    joined_at = fields.DateTime(required=True, allow_none=True)
    points = MoneyCount(required=True)
    points_frozen = MoneyCount(required=True)
    points_owed = MoneyCount(required=True)
    growth = MoneyCount(required=True)
    tier = fields.String(required=True)
    messages_allowed = fields.Dict(keys=fields.String(), values=MoneyCount(), required=True)


OwnDataView = Schema.from_dict(
    {
        "exported_at": fields.DateTime(required=True),
        "profile": fields.Nested(OwnProfileView, required=True),
        **{name: fields.List(fields.Dict(), required=True) for name in SECTIONS},
    },
    name="OwnDataView",
)
