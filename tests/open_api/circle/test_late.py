"""Payments of the circle whose shop or buyer is known late: their points are given, and WeChat Pay hears of them."""

import pytest
from flask.testing import FlaskClient

from app.flows.circle import shops
from app.flows.members import joining
from app.identity import members as identities
from app.identity import queries as people
from app.identity.models import IdentityKind, Member
from app.purchases.models import InboxReceipt
from app.workers import receipts
from app.workers.circle import notices
from tests.builders.circle import (
    paid,
)
from tests.builders.identity import make_consent_document
from tests.builders.machines import Machine
from tests.builders.settlement import Contract
from tests.open_api.circle.standing import PHONE, SHOP, Standing, last_told, states, told
from tests.open_api.receipts import RECEIPTS, count, points_of, receipt
from tests.support.clock import StillClock


def test_points_of_a_shop_that_was_named_late_are_told_late(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, clock: StillClock
) -> None:
    told(client, platforms, paid("81", shop="B202", shop_name="新店"))
    assert last_told(platforms, "81") == 0
    shops.name(contract.store, [SHOP, "B202"], by="张岚", now=clock.now)
    assert receipts.record_of_named_stores(limit=9) == 1
    assert (notices.take_in_due_notices(platforms.pay), last_told(platforms, "81")) == (1, 123)
    assert notices.take_in_due_notices(platforms.pay) == 0


def test_a_payment_that_a_till_names_another_buyer_of_earned_its_payer_nothing(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, till: Machine, clock: StillClock
) -> None:
    told(client, platforms, paid("82", shop=SHOP, openid="oSPOUSE"))
    parts = [{"method": "wechat", "amount_fen": 12_345, "transaction_id": "82"}]
    assert till.post(client, RECEIPTS, receipt(contract, clock, payments=parts, phone=PHONE)).status_code == 200
    assert (points_of(member), notices.take_in_due_notices(platforms.pay)) == ((123, 0), 1)
    assert (last_told(platforms, "82"), set(states())) == (0, {"done"})


@pytest.mark.parametrize(("days", "got"), [(0, 123), (7, 123), (8, 0)])
def test_who_joins_gets_what_they_paid_before_as_long_as_receipts_can_be_claimed(
    client: FlaskClient,
    contract: Contract,
    member: Member,
    platforms: Standing,
    clock: StillClock,
    days: int,
    got: int,
) -> None:
    told(client, platforms, paid("83", shop=SHOP, openid="oVISITOR"))
    assert (count(InboxReceipt), last_told(platforms, "83")) == (1, 0)
    clock.advance(days=days)
    visitor = people.find_member_id(IdentityKind.MINI_OPENID, "oVISITOR")
    assert visitor is not None
    make_consent_document()
    joining.join_member(visitor, consent_version="v1", phone="13900001111", channel="mini", arrival=None, now=clock.now)
    notices.take_in_due_notices(platforms.pay)
    assert (points_of(people.get_member(visitor)), last_told(platforms, "83")) == ((got, 0), got)


def test_a_member_whose_openid_is_known_later_gets_what_they_paid_before(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, clock: StillClock
) -> None:
    """By the phone that a visitor proves, and by the unionid of a sign-in."""
    told(client, platforms, paid("84", shop=SHOP, openid="oPHONE"), paid("85", shop=SHOP, openid="oUNION"))
    assert (last_told(platforms, "84"), last_told(platforms, "85")) == (0, 0)
    make_known_by(member, IdentityKind.UNIONID, "uMEMBER", clock)
    visitor = people.find_member_id(IdentityKind.MINI_OPENID, "oPHONE")
    assert visitor is not None
    assert joining.verify_phone(people.get_member(visitor), PHONE, now=clock.now).id == member.id
    notices.take_in_due_notices(platforms.pay)
    assert (points_of(member), last_told(platforms, "84"), last_told(platforms, "85")) == ((123, 0), 123, 0)
    known_by = {IdentityKind.MINI_OPENID: "oUNION", IdentityKind.UNIONID: "uMEMBER"}
    for acted_on in (1, 0):
        found = joining.recognise_member(known_by, arrival=None, home_mall_id=contract.mall.id, now=clock.now)
        assert (found.id, notices.take_in_due_notices(platforms.pay)) == (member.id, acted_on)
    assert (points_of(member), last_told(platforms, "85")) == ((246, 0), 123)


def test_a_visitor_who_is_found_to_be_another_has_no_points_for_it(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, clock: StillClock
) -> None:
    told(client, platforms, paid("86", shop=SHOP, openid="oVISITOR"))
    other = joining.recognise_member(
        {IdentityKind.UNIONID: "uVISITOR"}, arrival=None, home_mall_id=contract.mall.id, now=clock.now
    )
    known_by = {IdentityKind.UNIONID: "uVISITOR", IdentityKind.MINI_OPENID: "oVISITOR"}
    found = joining.recognise_member(known_by, arrival=None, home_mall_id=contract.mall.id, now=clock.now)
    assert (found.id, notices.take_in_due_notices(platforms.pay)) == (other.id, 0)


def make_known_by(member: Member, kind: IdentityKind, value: str, clock: StillClock) -> None:
    assert identities.bind(member, kind, value, now=clock.now)
