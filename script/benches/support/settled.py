"""Postings by the hundred thousand for the benches of settlement, written in bulk, equal to what the verbs write.

One mall; every merchant has one store, a contract since January 2026 and its postings in that month.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import text

from app.benefits.campaigns import campaigns
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import CampaignKind
from app.kernel.db import atomic, db
from app.kernel.settings import Settings
from app.malls.models import Mall
from app.settlement.statements import statements
from wsgi import create_app

PERIOD = date(2026, 1, 1)
CLOSED_AT = datetime(2026, 2, 2, tzinfo=UTC)
CAMPAIGNS = 10
_OFFER = Offer(
    title="",
    summary="",
    kind=CampaignKind.CASH,
    face_fen=2_000,
    min_spend_fen=10_000,
    valid_days=30,
    mall_share_bps=7_000,
)

_MERCHANTS = """
INSERT INTO merchants (code, name, created_at) SELECT 'B' || n, '商户' || n, :now FROM generate_series(1, :merchants) n;
"""
_STORES = """
INSERT INTO stores (mall_id, merchant_id, code, name, floor, category_code, active, created_at)
SELECT :mall, id, 'S-' || code, name || '（二楼店）', '2F', 'dining', true, :now FROM merchants;
"""
_BOOKS = "INSERT INTO books (mall_id, merchant_id, first_open_day) SELECT :mall, id, :period FROM merchants"
_TERMS = """
INSERT INTO contract_terms (mall_id, merchant_id, effective_from, commission_bps, issue_price_fen, redeem_price_fen,
    due_days)
SELECT :mall, id, :period, 500, 80, 90, 30 FROM merchants
"""
_MEMBERS = """
INSERT INTO members (id, public_id, status, home_mall_id, joined_at, created_at) OVERRIDING SYSTEM VALUE
SELECT n, 'bench-' || n, 'member', :mall, :now, :now FROM generate_series(1, :acts) n
"""
_COUPONS = """
INSERT INTO coupons (member_id, id, campaign_id, mall_id, code, status, trigger, grant_key, face_fen, parking_minutes,
    discount_bps, min_spend_fen, mall_share_bps, merchant_share_bps, paid_points, issued_at, valid_from, valid_until,
    redeemed_at) OVERRIDING SYSTEM VALUE
SELECT n, n, :campaign + n % :campaigns, :mall, upper(substr(md5(n::text), 1, 12)), 'redeemed', 'bench', 'bench', 2000,
    0, 0, 10000, 7000, 3000, 0, :now, :now, :now, :now FROM generate_series(1, :acts) n
"""
_REDEMPTIONS = """
INSERT INTO redemptions (member_id, public_id, coupon_id, campaign_id, mall_id, merchant_id, store_id, channel,
    discount_fen, mall_fen, merchant_fen, redeemed_at)
SELECT n, md5('r' || n), n, :campaign + n % :campaigns, :mall, s.merchant_id, s.id, 'clerk', 2000, 1400, 600,
    cast(:now as timestamptz) + n % 31 * interval '1 day'
FROM generate_series(1, :acts) n JOIN stores s ON s.merchant_id = n % :merchants + 1
"""
_COUPON_POSTINGS = """
INSERT INTO postings (mall_id, merchant_id, store_id, kind, fact, act_kind, act_ref, business_day, accounting_day,
    base_fen, points, rate, amount_fen, occurred_at)
SELECT r.mall_id, r.merchant_id, r.store_id, k.kind, 'redemption:' || r.public_id, 'redemption', r.public_id, d.day,
    d.day, k.fen, 0, k.bps, k.owed, r.redeemed_at
FROM redemptions r
CROSS JOIN (VALUES ('coupon_mall_share', 1400, 7000, 1400), ('coupon_merchant_share', 600, 3000, 0))
    k (kind, fen, bps, owed)
CROSS JOIN LATERAL (SELECT cast(r.redeemed_at AT TIME ZONE 'Asia/Shanghai' AS date) AS day) d
ORDER BY r.redeemed_at, r.member_id
"""
_PURCHASE_POSTINGS = """
INSERT INTO postings (mall_id, merchant_id, store_id, kind, fact, act_kind, act_scope, act_ref, business_day,
    accounting_day, base_fen, points, rate, amount_fen, occurred_at)
SELECT :mall, s.merchant_id, s.id, k.kind, 'purchase:pos:' || 20260100000000 + n, 'purchase', 'pos',
    cast(20260100000000 + n as text), d.day, d.day, k.fen, k.points, k.rate, k.owed,
    cast(:now as timestamptz) + n % 31 * interval '1 day'
FROM generate_series(1, :acts) n JOIN stores s ON s.merchant_id = n % :merchants + 1
CROSS JOIN (VALUES ('commission', 12345, 0, 500, -617), ('points_issued', 0, 123, 80, -98))
    k (kind, fen, points, rate, owed)
CROSS JOIN LATERAL (SELECT cast(:period as date) + n % 31 AS day) d
ORDER BY d.day, n
"""


@contextmanager
def application(environment: Mapping[str, str]) -> Iterator[None]:
    """The product's app context on a database; its connections are given back at the end."""
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def fill(*, merchants: int, postings: int) -> int:
    """Make the mall with that many postings, half of them of redemptions, half of purchases; returns the mall's id."""
    now = datetime(2026, 1, 1, 4, tzinfo=UTC)
    with atomic():
        mall = Mall(code="BENCH", name="滨江天地", city="上海", accent="#0f766e", created_at=now)
        db.session.add(mall)
        db.session.flush()
        facts = {"mall": mall.id, "merchants": merchants, "acts": postings // 4, "now": now, "period": PERIOD}
        facts |= {"campaign": _first_campaign(mall.id, now), "campaigns": CAMPAIGNS}
        for statement in (
            _MERCHANTS,
            _STORES,
            _BOOKS,
            _TERMS,
            _MEMBERS,
            _COUPONS,
            _REDEMPTIONS,
            _COUPON_POSTINGS,
            _PURCHASE_POSTINGS,
        ):
            db.session.execute(text("SET LOCAL statement_timeout = 0"))
            db.session.execute(text(statement), facts)
        mall_id = mall.id
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    return mall_id


def _first_campaign(mall_id: int, now: datetime) -> int:
    """Make the campaigns; returns the first one's id, which the others follow."""
    offers = [replace(_OFFER, title=f"新会员满{number * 100}减20券") for number in range(1, CAMPAIGNS + 1)]
    return min(
        campaigns.create(mall_id, f"bench-{number}", offer, store_ids=None, now=now).id
        for number, offer in enumerate(offers)
    )


def close(mall_id: int) -> int:
    """Close January by the product's verb, durably; returns how many statements were issued."""
    with atomic():
        return statements.close_month(mall_id, PERIOD, now=CLOSED_AT).issued
