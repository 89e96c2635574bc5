"""Everything about me in one file: complete, in clear where it is mine, and nobody else's."""

import base64
import json
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer

from app.contacts import contacts
from app.flows import parking
from app.flows.claims import photographing
from app.flows.parking import PaymentChoice
from app.flows.privacy import own_data as document
from app.flows.privacy.own_data import SECTIONS
from app.identity import members
from app.identity.models import Member
from app.kernel import clock, discovery
from app.purchases.photos import queries
from app.web import reasons
from app.web.own_data import printed, words
from member_api.membership import own_data
from tests.builders import outreach
from tests.builders.identity import make_consent_document, make_visitor
from tests.builders.parking import PLATE, Ground, make_driver, make_ground
from tests.builders.photos import send_photo
from tests.builders.profiles import tell_everything
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.support.isolation import Client
from tests.support.member_api import Device, sign_in
from tests.support.member_tables import keyed_by_member

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = discovery.merged("LEFT_OUT", named="personal_data", below=["app"])


@pytest.fixture
def ground(db_session: object) -> Ground:
    make_newbie_tasks()
    make_tiers()
    make_consent_document()
    return make_ground()


def export(device: Device) -> dict[str, Any]:
    answer = device.get("/members/me/data")
    assert answer.status_code == 200
    return json.loads(answer.data)  # type: ignore[no-any-return]


def make_known(ground: Ground) -> Member:
    """A member of whom much is known: name, plate, adviser, preferences, a paid stay, a message."""
    member = make_driver(ground, points=700, coupons=(60,))
    members.set_name(member, "王小明")
    tell_everything(member)
    outreach.allow(member)
    outreach.plan(member)
    session = ground.comes(minutes_ago=100).session
    offer = parking.quote_stay(member.id, session.public_id, now=clock.now())
    coupon_ids = [cover.coupon_id for cover in offer.proposal.coupons]
    wish = PaymentChoice(offer.quote.public_id, coupon_ids, offer.proposal.points)
    parking.begin_payment(member.id, session.public_id, wish, payer=None, now=clock.now())
    ground.leaves()
    return member


def test_it_is_a_file_to_keep(client: Client, ground: Ground) -> None:
    answer = sign_in(client, make_driver(ground)).get("/members/me/data")
    assert answer.content_type == "application/json"
    day = clock.business_date(clock.now())
    assert answer.headers["Content-Disposition"] == f"attachment; filename=huitou-{day}.json"


def test_my_phone_and_name_stand_there_in_clear(client: Client, ground: Ground) -> None:
    member = make_known(ground)
    profile = export(sign_in(client, member))["profile"]
    assert (profile["phone"], profile["name"]) == (members.phone_of(member), "王小明")
    assert (profile["id"], profile["card_no"], profile["status"]) == (member.public_id, member.card_no, "member")


def test_every_part_tells_what_happened(client: Client, ground: Ground) -> None:
    member = make_known(ground)
    found = export(sign_in(client, member))
    assert {one["kind"] for one in found["identities"]} == {"mini_openid", "phone", "card_no", "plate"}
    assert {one["value"] for one in found["identities"]} == {None, member.card_no, PLATE}
    assert [one["category"] for one in found["preferences"]] == ["dining", "kids"]
    assert [(one["birthday"], one["nearby"]) for one in found["about_me"]] == [("1990-07-05", "home")]
    assert [(one["age_0_2"], one["age_7_12"]) for one in found["household"]] == [(0, 2)]
    assert [one["kind"] for one in found["consents"]] == ["household"]
    assert [(one["kind"], one["status"]) for one in found["coupons"]] == [("parking", "redeemed")]
    assert [one["points"] for one in found["points"]] == [700, -600]
    assert [(one["plate"], one["settled_fen"]) for one in found["parking_stays"]] == [(PLATE, 1_200)]
    assert [(one["status"], one["due_fen"], one["cash_fen"]) for one in found["parking_payments"]] == [
        ("paid", 1_200, 0)
    ]
    assert [(one["kind"], one["status"]) for one in found["messages"]] == [("win_back", "planned")]
    assert {"visited", "parking_paid", "coupon_redeemed"} <= {one["kind"] for one in found["timeline"]}


def test_nothing_of_anybody_else_is_in_it(client: Client, ground: Ground) -> None:
    make_known(ground)
    stranger = make_driver(ground, plate=None)
    found = export(sign_in(client, stranger))
    own = {"identities", "sign_ins"}
    assert {name for name in SECTIONS if found[name]} == own
    assert PLATE not in json.dumps(found)


def test_no_secret_and_no_id_between_platforms_is_in_it(client: Client, ground: Ground) -> None:
    member = make_driver(ground)
    known = make_visitor(ground.mall, mini_openid="o-secret", unionid="u-secret")
    assert member.phone_sealed is not None
    survivor = members.bind_phone(known, str(members.phone_of(member)), now=clock.now())
    device = sign_in(client, survivor, channel="mini_program", openid="o-secret")
    text = device.get("/members/me/data").text
    assert "o-secret" not in text and "u-secret" not in text
    assert device.token not in text


def test_what_was_written_before_a_merge_is_in_it(client: Client, ground: Ground) -> None:
    member = make_driver(ground)
    visitor = make_visitor(ground.mall, wecom_external="wm-1")
    outreach.allow(visitor)
    contacts.record_added("wm-1", "zhang", entrance_id=None, at=clock.now())
    assert members.bind_phone(visitor, str(members.phone_of(member)), now=clock.now()).id == member.id
    found = export(sign_in(client, member))
    assert [one["change"] for one in found["message_consents"]] == ["accepted"]
    assert [one["adviser"] for one in found["advisers"]] == ["zhang"]


def test_a_visitor_gets_what_little_there_is(client: Client, ground: Ground) -> None:
    found = export(sign_in(client, make_visitor(ground.mall)))
    assert (found["profile"]["status"], found["profile"]["phone"], found["coupons"]) == ("visitor", None, [])


def test_nobody_gets_nothing(client: Client, ground: Ground) -> None:
    assert client.get("/api/v1/members/me/data").status_code == 401
    token = sign_in(client, make_driver(ground)).token
    assert Device(client, token[:-3] + "abc").get("/members/me/data").status_code == 401


def test_it_is_written_a_few_times_a_day(client: Client, ground: Ground) -> None:
    device = sign_in(client, make_driver(ground))
    for _ in range(own_data.EXPORTS_PER_DAY):
        assert device.get("/members/me/data").status_code == 200
    refused = device.get("/members/me/data")
    assert (refused.status_code, refused.json["error"]["code"]) == (429, "throttled")


def test_it_is_had_for_reading_within_the_same_number_a_day(client: Client, ground: Ground) -> None:
    device = sign_in(client, make_known(ground))
    answer = device.get("/members/me/data/readable").json
    assert answer["name"] == f"huitou-{clock.business_date(clock.now())}.pdf"
    assert base64.b64decode(answer["pdf_base64"]).startswith(b"%PDF-")
    for _ in range(own_data.EXPORTS_PER_DAY - 1):
        assert device.get("/members/me/data").status_code == 200
    assert device.get("/members/me/data/readable").status_code == 429


def test_every_part_column_and_code_reads_in_chinese(client: Client, ground: Ground) -> None:
    """What stands on the page: no name of a column, no code of a state."""
    columns = (
        {f"{name}.{column}" for name, rows_of in SECTIONS.items() for column in rows_of([1]).selected_columns.keys()}
        - words.LEFT_OUT
        - {f"{name}.{column}" for name in SECTIONS for column in ("reason_facts", "sealed_for")}
    )
    assert SECTIONS.keys() <= words.SECTIONS.keys()
    assert [one for one in columns if words.column_of(*one.split(".")) == one.split(".")[1]] == []
    member = make_known(ground)
    for name, rows in document.parts(member, words=reasons.words_of):
        for row in rows:
            for column, value in row.items():
                said = words.value_of(name, column, value)
                is_code = isinstance(value, str) and value.isascii() and "_" in value
                assert not is_code or said != value or f"{name}.{column}" in words.LEFT_OUT, (name, column, value)
    assert words.value_of("coupons", "status", "redeemed") == "已核销"
    assert words.value_of("redemptions", "discount_fen", 1_050) == "¥10.50"
    assert words.value_of("points", "points", 1_050) == "1,050"
    assert words.value_of("messages", "content", {"a": "到期", "b": None}) == "到期；—"


def test_of_a_long_part_the_latest_rows_are_printed() -> None:
    rows = [{"occurred_at": clock.now(), "kind": "visited", "mall": None, "number": number} for number in range(250)]
    title, hint, *_ = [one for one in printed._part("timeline", rows) if isinstance(one, Paragraph)]
    assert title.text == "时间线（250 条）" and "最近 100 条" in hint.text
    table = printed._part("timeline", rows)[-1]
    assert [table._cellvalues[number][3] for number in (1, 100)] == ["150", "249"]


def test_a_heading_stands_on_the_page_of_its_rows() -> None:
    pages: list[int] = []

    class Document(SimpleDocTemplate):
        def afterFlowable(self, flowable: Flowable) -> None:
            pages.extend([self.page] if isinstance(flowable, Paragraph | LongTable) else [])

    rows = [{"occurred_at": clock.now(), "kind": "visited"}]
    most_of_a_page = Spacer(0, 375)
    Document(BytesIO(), pagesize=landscape(A4)).build([most_of_a_page, *printed._part("timeline", rows)])
    assert pages == [2, 2]


def tables_in(queries: Iterable[Any]) -> set[str]:
    return {source.name for query in queries for source in query.get_final_froms() for source in _tables(source)}


def _tables(source: Any) -> Iterable[Any]:
    if hasattr(source, "left"):
        return [*_tables(source.left), *_tables(source.right)]
    return [source]


def test_every_table_with_a_members_key_is_in_it_or_named_with_a_reason() -> None:
    told = tables_in(rows_of([1]) for rows_of in SECTIONS.values())
    assert keyed_by_member() - told == set(LEFT_OUT)


def test_the_document_is_in_the_order_of_time(client: Client, ground: Ground) -> None:
    found = export(sign_in(client, make_known(ground)))
    for name, moment in (("points", "occurred_at"), ("timeline", "occurred_at"), ("sign_ins", "created_at")):
        moments = [row[moment] for row in found[name]]
        assert moments == sorted(moments)


def test_photographs_that_are_kept_are_in_the_document_and_not_on_the_page(client: Client, ground: Ground) -> None:
    member = make_driver(ground)
    photo = send_photo(member)
    device = sign_in(client, member)
    (row,) = export(device)["receipt_photo_images"]
    kind, _, text = row["photograph"].partition(",")
    assert (kind, base64.b64decode(text)) == ("data:image/jpeg;base64", queries.get_image(photo))
    assert device.get("/members/me/data/readable").status_code == 200
    photographing.drop_photo(member.id, photo.public_id, now=clock.now())
    assert export(device)["receipt_photo_images"] == []
