"""What the bench of pages stands on: the mall of the bench of requests with a year of everything that a mall gathers.

Written in bulk. Half of the receipts were sent by tills as they came about; the others are a history that was imported:
days without an hour, in no order, so that thousands of rows tie.
"""

from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from app.access import staff
from app.access.models import Role, Staff
from app.access.scopes import Place
from app.kernel import clock
from app.kernel.db import atomic, db
from app.malls import queries as malls
from app.settlement.ledger import queries as ledger
from app.settlement.statements import statements
from app.workers import summing
from script.benches.data import requests_data
from script.benches.support.figures import say

STORES = 200
DAYS = 400
FIRST_MEMBER = 2_000_000

# Tables that grow with the mall's trade; what is filled here, and what no page may read from end to end.
GROWING = (
    "members",
    "points_accounts",
    "points_entries",
    "growth_accounts",
    "purchases",
    "receipt_inbox",
    "coupons",
    "redemptions",
    "postings",
    "timeline_events",
    "outreach_messages",
    "parking_sessions",
    "parking_quotes",
    "parking_payments",
    "entrance_scans",
    "audit_entries",
    "day_sums",
)

_PLACES = """
CREATE TEMP TABLE bench_stores AS
SELECT row_number() OVER (ORDER BY id) - 1 AS no, id, merchant_id, mall_id FROM stores WHERE mall_id = :mall;
"""
_MERCHANTS = """
INSERT INTO merchants (code, name, created_at)
SELECT 'BM' || n, '商户' || n, :now FROM generate_series(1, :stores) n
"""
_STORES = """
INSERT INTO stores (mall_id, merchant_id, code, name, floor, category_code, active, created_at)
SELECT :mall, id, 'S-' || code, name || '店', '2F', 'dining', true, :now FROM merchants WHERE code LIKE 'BM%'
"""
_TERMS = """
INSERT INTO contract_terms (mall_id, merchant_id, effective_from, commission_bps, issue_price_fen, redeem_price_fen,
    due_days)
SELECT :mall, id, :first, 500, 80, 90, 30 FROM merchants WHERE code LIKE 'BM%'
"""
_BOOKS = """
INSERT INTO books (mall_id, merchant_id, first_open_day)
SELECT :mall, id, :first FROM merchants WHERE code LIKE 'BM%'
ON CONFLICT (mall_id, merchant_id) DO UPDATE SET first_open_day = excluded.first_open_day
"""
_MEMBERS = """
INSERT INTO members (id, public_id, status, home_mall_id, phone_masked, card_no, joined_at, created_at)
    OVERRIDING SYSTEM VALUE
SELECT :member + n, 'bench-' || n, 'member', :mall, '138****' || lpad((n % 10000)::text, 4, '0'),
    (9000000000 + n)::text, m.at, m.at
FROM generate_series(1, :members) n
CROSS JOIN LATERAL (SELECT cast(:now as timestamptz) - n * 7919 % (:days * 86400) * interval '1 second' AS at) m
"""
_ACCOUNTS = """
INSERT INTO points_accounts (member_id, available_points, held_points, debt_points)
SELECT :member + n, 1000, 0, 0 FROM generate_series(1, :members) n
"""
_GROWTH = """
INSERT INTO growth_accounts (member_id, growth) SELECT :member + n, n % 20000 FROM generate_series(1, :members) n
"""
# Receipts by their number: whose, where, when. The second half are imported ones.
_RECEIPTS = """
CREATE TEMP TABLE bench_receipts AS
SELECT n, :member + n % :members + 1 AS member_id, s.id AS store_id, s.merchant_id, 1000 + n % 50000 AS fen,
    CASE WHEN n <= :rows / 2
        THEN cast(:now as timestamptz) - (1 - 2.0 * n / :rows) * :days * interval '1 day'
        ELSE date_trunc('day', cast(:now as timestamptz), 'Asia/Shanghai')
            - cast(n as bigint) * 7919 % :days * interval '1 day'
    END AS at
FROM generate_series(1, :rows) n JOIN bench_stores s ON s.no = n % :places
"""
_PURCHASES = """
INSERT INTO purchases (member_id, source, receipt_no, mall_id, merchant_id, store_id, occurred_at, amount_fen, is_first,
    recorded_at)
SELECT member_id, 'bench', 'B' || n, :mall, merchant_id, store_id, at, fen, false, at FROM bench_receipts ORDER BY n
"""
_POINTS = """
INSERT INTO points_entries (member_id, kind, points, balance_after, reason_code, reason_facts, fact, mall_id, store_id,
    occurred_at)
SELECT member_id, 'accrue', 10, 1000, 'purchase', '{"store": "商户"}', 'purchase:bench:B' || n, :mall, store_id, at
FROM bench_receipts ORDER BY n
"""
_POSTINGS = """
INSERT INTO postings (mall_id, merchant_id, store_id, kind, fact, act_kind, act_scope, act_ref, business_day,
    accounting_day, base_fen, points, rate, amount_fen, occurred_at)
SELECT :mall, merchant_id, store_id, 'commission', 'purchase:bench:B' || n, 'purchase', 'bench', 'B' || n, d.day, d.day,
    fen, 0, 500, -fen / 20, at
FROM bench_receipts CROSS JOIN LATERAL (SELECT cast(at AT TIME ZONE 'Asia/Shanghai' AS date) AS day) d ORDER BY n
"""
_TIMELINE = """
INSERT INTO timeline_events (member_id, kind, fact, occurred_at, mall_id, store_id, source)
SELECT member_id, 'purchased', 'purchase:bench:B' || n, at, :mall, store_id, 'bench' FROM bench_receipts WHERE n % 4 = 0
"""
_INBOX = """
INSERT INTO receipt_inbox (source, receipt_no, mall_id, merchant_id, store_id, occurred_at, amount_fen, recorded_at)
SELECT 'bench', 'I' || n, :mall, merchant_id, store_id, at, fen, at FROM bench_receipts WHERE n % 10 = 0
"""
_COUPONS = """
INSERT INTO coupons (member_id, campaign_id, mall_id, code, status, trigger, grant_key, face_fen, parking_minutes,
    discount_bps, min_spend_fen, mall_share_bps, merchant_share_bps, paid_points, issued_at, valid_from, valid_until,
    redeemed_at)
SELECT r.member_id, c.id, :mall, 'BENCH' || n, CASE n % 10 WHEN 0 THEN 'redeemed' ELSE 'issued' END, 'bench',
    'bench' || n, 1000, 0, 0, 3000, 6000, 4000, 0, at, at, at + interval '30 days', CASE n % 10 WHEN 0 THEN at END
FROM bench_receipts r, (SELECT min(id) AS id FROM campaigns WHERE mall_id = :mall) c WHERE n % 5 = 0
"""
_REDEMPTIONS = """
INSERT INTO redemptions (member_id, public_id, coupon_id, campaign_id, mall_id, merchant_id, store_id, channel,
    discount_fen, mall_fen, merchant_fen, redeemed_at)
SELECT c.member_id, md5('r' || c.id), c.id, c.campaign_id, :mall, s.merchant_id, s.id, 'clerk', 1000, 600, 400,
    c.issued_at
FROM coupons c JOIN bench_stores s ON s.no = c.id % :places WHERE c.trigger = 'bench' ORDER BY c.id
"""
_MESSAGES = """
INSERT INTO outreach_messages (member_id, mall_id, kind, marketing, channel, template, dedupe_key, facts, status,
    reason, planned_at, send_until, due_at, attempts, touched_at, sent_at)
SELECT member_id, :mall, 'coupon_expiring', true, 'mini', 'bench', 'bench' || n, '{}', s.status, s.reason, at,
    at + interval '1 day', at, 0, s.sent_at, s.sent_at
FROM bench_receipts r CROSS JOIN LATERAL (SELECT CASE n % 15 WHEN 0 THEN 'suppressed' ELSE 'sent' END AS status,
    CASE n % 15 WHEN 0 THEN 'no_consent' END AS reason, CASE n % 15 WHEN 0 THEN null ELSE at END AS sent_at) s
WHERE n % 5 = 0
"""
_STAYS = """
INSERT INTO parking_sessions (public_id, car_park_id, tariff_id, plate, member_id, entered_at, exited_at, settled_fen)
SELECT 'bench-' || n, p.id, t.id, '沪A' || lpad((n % 100000)::text, 5, '0'), member_id, at,
    CASE WHEN n > 1000 THEN at + interval '2 hours' END, 600
FROM bench_receipts r, (SELECT min(id) AS id FROM car_parks WHERE mall_id = :mall) p,
    (SELECT min(id) AS id FROM parking_tariffs) t WHERE n % 5 = 0
"""
_QUOTES = """
INSERT INTO parking_quotes (member_id, public_id, session_id, quoted_at, valid_until, fee_fen, settled_fen, due_fen,
    points_factor_bps, tier_minutes)
SELECT member_id, public_id, id, entered_at, entered_at, 600, 0, 600, 10000, 0
FROM parking_sessions WHERE public_id LIKE 'bench-%'
"""
_PAYMENTS = """
INSERT INTO parking_payments (member_id, mall_id, public_id, quote_id, session_id, due_fen, waived_fen, cash_fen,
    status, created_at, close_after, paid_at, exit_by)
SELECT member_id, :mall, public_id, id, session_id, 600, 100, 500, 'paid', quoted_at, quoted_at, quoted_at, quoted_at
FROM parking_quotes WHERE public_id LIKE 'bench-%'
"""
_SCANS = """
INSERT INTO entrance_scans (entrance_id, visit_key, scanned_at, day, member_id, joined_at)
SELECT e.id, 'bench' || n, at, cast(at AT TIME ZONE 'Asia/Shanghai' AS date), member_id, CASE n % 3 WHEN 0 THEN at END
FROM bench_receipts r, (SELECT min(id) AS id FROM entrances WHERE mall_id = :mall) e WHERE n % 5 = 0
"""
_AUDIT = """
INSERT INTO audit_entries (at, actor_kind, actor_name, action, subject, mall_id, store_id, facts)
SELECT at, 'system', 'bench', 'redemption.create', 'redemption:' || n, :mall, store_id, '{}' FROM bench_receipts
WHERE n % 5 = 0 ORDER BY at
"""


def fill(app: Flask, *, rows: int) -> None:
    """That many receipts, points entries and postings, a fifth as many of the rest; months but the last are closed."""
    now = clock.now()
    with app.app_context():
        mall = malls.find_mall_by_code(requests_data.MALL)
        assert mall is not None  # noqa: S101 - `requests_data.build` opened it
        first = clock.first_of_month(clock.business_date(now) - timedelta(days=DAYS))
        facts = {
            "mall": mall.id,
            "now": now,
            "first": first,
            "rows": rows,
            "members": max(rows // 10, 1),
            "member": FIRST_MEMBER,
            "stores": STORES,
            "days": DAYS,
        }
        _write(facts)
        _analyse()
        _let_keeper_do_all(mall.id)
        _close_months(mall.id)
        while summing.sum_days(limit=100)[1]:
            say("days summed ...")
        _analyse()


def _write(facts: dict[str, object]) -> None:
    with atomic():
        db.session.execute(text("SET LOCAL statement_timeout = 0"))
        db.session.execute(text("SET LOCAL session_replication_role = replica"))  # foreign keys are not looked up
        for statement in (_MERCHANTS, _STORES, _TERMS, _BOOKS, _PLACES):
            db.session.execute(text(statement), facts)
        facts = {**facts, "places": db.session.scalar(text("SELECT count(*) FROM bench_stores"))}
        for statement in (
            *(_MEMBERS, _ACCOUNTS, _GROWTH, _RECEIPTS, _PURCHASES, _POINTS, _POSTINGS, _TIMELINE, _INBOX, _COUPONS),
            *(_REDEMPTIONS, _MESSAGES, _STAYS, _QUOTES, _PAYMENTS, _SCANS, _AUDIT),
        ):
            say(statement.strip().partition("\n")[0][:60])
            db.session.execute(text(statement), facts)


def _let_keeper_do_all(mall_id: int) -> None:
    with atomic():
        keeper = db.session.query(Staff).filter_by(name="Keeper").one()
        staff.grant_role(keeper.id, role=Role.ADMINISTRATOR, place=Place(mall_id=mall_id))


def _close_months(mall_id: int) -> None:
    """Every month but the last three, by the product's verb."""
    last = clock.first_of_month(clock.business_date(clock.now()) - timedelta(days=90))
    period = ledger.find_period_to_close(mall_id)
    while period is not None and period < last:
        with atomic():
            db.session.execute(text("SET LOCAL statement_timeout = 0"))
            statements.close_month(mall_id, period, now=clock.now())
        period = ledger.find_period_to_close(mall_id)


def _analyse() -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
