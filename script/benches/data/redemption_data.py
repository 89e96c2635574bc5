"""What the redemption bench stands on: eight stores with clerks, and one coupon for each of many members."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import text

from app.access import staff
from app.access.models import Role
from app.access.scopes import Place
from app.benefits.campaigns import campaigns
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import CampaignKind
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.security import codes
from app.kernel.settings import Settings
from app.malls.models import Mall, Merchant, Store
from app.settlement import agreements
from wsgi import create_app

STORES = 8
COUPONS = 60_000
PASSWORD = "bench-Password-1"  # noqa: S105  of a database that lives for minutes
FIRST_ID = 1_000_000


def phone(number: int) -> str:
    """The phone of a clerk; the n-th works in store n % STORES."""
    return f"1390000{number:04d}"


def code(number: int) -> str:
    """The code of the n-th coupon: its number in the alphabet's digits, with the check character."""
    base, body = len(codes.ALPHABET), ""
    for _ in range(11):
        number, digit = divmod(number, base)
        body += codes.ALPHABET[digit]
    return body + codes.check_character(body)


def fill(environment: Mapping[str, str], *, coupons: int, clerks: int = STORES) -> None:
    """Make the stores by the product's own verbs, the members and coupons in bulk."""
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        with atomic():
            mall_id, campaign_id = _stores_and_campaign(clerks)
        with atomic():
            _members_and_coupons(mall_id, campaign_id, coupons)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        db.engine.dispose()


def _stores_and_campaign(clerks: int) -> tuple[int, int]:
    now = clock.now()
    mall = Mall(code="BENCH", name="Bench", city="-", accent="#0f766e", created_at=now)
    merchants = [Merchant(code=f"BENCH{n}", name=f"Merchant {n}", created_at=now) for n in range(STORES)]
    db.session.add_all([mall, *merchants])
    db.session.flush()
    for number, merchant in enumerate(merchants):
        store = Store(
            mall_id=mall.id,
            merchant_id=merchant.id,
            code=f"BENCH-{number}",
            name=f"Store {number}",
            floor="1F",
            category_code="dining",
            active=True,
            created_at=now,
        )
        db.session.add(store)
        db.session.flush()
        start = clock.first_of_month(clock.business_date(now))
        agreements.add_terms(
            mall.id, merchant.id, effective_from=start, commission_bps=500, issue_price_fen=80, redeem_price_fen=90
        )
        for clerk in range(number, clerks, STORES):
            person = staff.hire(name=f"Clerk {clerk}", phone=phone(clerk), password=PASSWORD, now=now)
            staff.grant_role(person.id, role=Role.CLERK, place=Place(store_id=store.id))
    offer = Offer(
        title="Bench",
        summary="",
        kind=CampaignKind.CASH,
        face_fen=1_000,
        min_spend_fen=3_000,
        valid_days=30,
        mall_share_bps=6_000,
    )
    return mall.id, campaigns.create(mall.id, "bench", offer, store_ids=None, now=now).id


def _members_and_coupons(mall_id: int, campaign_id: int, coupons: int) -> None:
    now = clock.now()
    facts = {"mall": mall_id, "campaign": campaign_id, "now": now, "until": now + timedelta(days=30)}
    rows = [{"id": FIRST_ID + n, "code": code(n), "public": f"{n:032x}", **facts} for n in range(coupons)]
    db.session.execute(
        text(
            "INSERT INTO members (id, public_id, status, home_mall_id, joined_at, created_at) "
            "VALUES (:id, :public, 'member', :mall, :now, :now)"
        ),
        rows,
    )
    db.session.execute(
        text(
            "INSERT INTO coupons (member_id, id, campaign_id, mall_id, code, status, trigger, grant_key, face_fen, "
            "parking_minutes, discount_bps, min_spend_fen, mall_share_bps, merchant_share_bps, paid_points, issued_at, "
            "valid_from, valid_until) VALUES (:id, :id, :campaign, :mall, :code, 'issued', 'bench', 'bench', 1000, "
            "0, 0, 3000, 6000, 4000, 0, :now, :now, :until)"
        ),
        rows,
    )
    db.session.execute(text("INSERT INTO coupon_codes (code, member_id, coupon_id) VALUES (:code, :id, :id)"), rows)
