"""Building the demo malls from their directory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select

from app.access import audit, staff
from app.access.machines import machines
from app.access.models import Role, Staff
from app.access.scopes import Place
from app.benefits.campaigns import campaigns
from app.benefits.grants import grants
from app.benefits.tier_benefits import benefits as tier_benefits
from app.benefits.tier_benefits.rules import Benefits, TierGives
from app.circle import circles
from app.entrances import entrances
from app.entrances.models import Entrance
from app.flows import opening
from app.kernel import clock
from app.kernel.db import db
from app.malls import queries
from app.malls.models import Mall, Merchant, Store
from app.parking.car_parks import car_parks, tariffs
from app.parking.car_parks.car_parks import Gate
from app.parking.car_parks.models import CarPark
from app.parking.car_parks.rules import Tariff
from app.points.earning import rule_sets
from app.settlement import agreements
from app.settlement.accounts import accounts
from app.tiers.perks import perks
from cli.demo import directory, faces
from cli.demo.rules import earning, offers

CAR_PARK = "YH-P1"
CAR_PARK_STORE = "YH-B1-P"
CIRCLE_BRAND = 1001  # as the sandbox has it unless told otherwise
TARIFF = Tariff(free_minutes=15, step_minutes=60, step_fen=600, daily_cap_fen=6_000, exit_grace_minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """The gate and the till that the demo malls are connected to, and the business circle that the first mall is."""

    gate_url: str
    gate_id: str
    gate_secret: str
    pos_id: str
    pos_secret: str
    circle_mchid: str = ""


@dataclass(slots=True)
class Built:
    """What was built, by code."""

    malls: dict[str, Mall] = field(default_factory=dict)
    merchants: dict[str, Merchant] = field(default_factory=dict)
    stores: dict[str, Store] = field(default_factory=dict)
    entrances: list[Entrance] = field(default_factory=list)
    clerks: dict[str, Staff] = field(default_factory=dict)
    operators: dict[str, Staff] = field(default_factory=dict)


def is_built() -> bool:
    """Whether the demo malls are here."""
    return db.session.scalar(select(Mall.id).where(Mall.code == directory.MALLS[0].code)) is not None


def list_entrances() -> Sequence[Entrance]:
    """The codes on the demo malls' walls."""
    codes = [plan.code for plan in directory.MALLS]
    mall_ids = db.session.scalars(select(Mall.id).where(Mall.code.in_(codes))).all()
    return entrances.list_entrances(mall_ids=mall_ids)


def build(wiring: Machines, *, now: datetime) -> Built:
    """Everything but people's doings, in one go."""
    built = Built()
    opening.ensure_reference_data(now=now)
    _build_stores(built, now)
    _build_entrances(built, now)
    _build_campaigns(built, now)
    _build_staff(built, now)
    _build_car_park(built, wiring, now)
    return built


def _build_stores(built: Built, now: datetime) -> None:
    for mall in directory.MALLS:
        built.malls[mall.code] = Mall(
            code=mall.code, name=mall.name, city=mall.city, accent=mall.accent, created_at=now
        )
    db.session.add_all(built.malls.values())
    names = dict.fromkeys(store.merchant for store in directory.STORES)
    for number, name in enumerate(names, start=1):
        built.merchants[name] = Merchant(code=f"M{number:04d}", name=name, created_at=now)
    db.session.add_all(built.merchants.values())
    db.session.flush()
    for store in directory.STORES:
        built.stores[store.code] = _build_store(built, store, now)
    _open_accounts(built, now)
    for code, rules in earning.RULES.items():
        start = _contract_start(now)
        rule_sets.open_with(built.malls[code].id, rules, effective_from=start, by="陈岚", now=now)


def _open_accounts(built: Built, now: datetime) -> None:
    """Where settlements go: each mall's account, and each merchant's in a mall."""
    for mall in built.malls.values():
        _open_account(mall, None, mall.name, now)
    for code, name in dict.fromkeys((store.mall, store.merchant) for store in directory.STORES):
        _open_account(built.malls[code], built.merchants[name], name, now)


def _open_account(mall: Mall, merchant: Merchant | None, name: str, now: datetime) -> None:
    merchant_id = merchant.id if merchant else None
    number = f"62000000{mall.id:04d}{merchant_id or 0:04d}"
    holder = directory.COMPANY.format(name)
    accounts.set_account(mall.id, merchant_id, holder=holder, bank=directory.BANK, number=number, now=now)


def _build_store(built: Built, plan: directory.DemoStore, now: datetime) -> Store:
    mall, merchant = built.malls[plan.mall], built.merchants[plan.merchant]
    store = Store(
        mall_id=mall.id,
        merchant_id=merchant.id,
        code=plan.code,
        name=plan.name,
        floor=plan.floor,
        category_code=plan.category,
        opens_minute=plan.hours[0] if plan.hours else None,
        closes_minute=plan.hours[1] if plan.hours else None,
        phone=plan.phone,
        about=plan.about,
        active=True,
        created_at=now,
    )
    db.session.add(store)
    db.session.flush()
    agreements.add_terms(
        mall.id,
        merchant.id,
        effective_from=_contract_start(now),
        commission_bps=plan.commission_bps,
        issue_price_fen=plan.issue_price_fen,
        redeem_price_fen=plan.redeem_price_fen,
    )
    return store


def _contract_start(now: datetime) -> date:
    """Contracts begin with the month in which the demo's history begins."""
    return clock.first_of_month(clock.business_date(now))


def _build_entrances(built: Built, now: datetime) -> None:
    for plan in directory.ENTRANCES:
        built.entrances.append(
            entrances.create(
                mall_id=built.malls[plan.mall].id,
                kind=plan.kind,
                name=plan.name,
                headline=plan.headline,
                store_id=built.stores[plan.store].id if plan.store else None,
                created_by=audit.SYSTEM.name,
                now=now,
                is_default=plan.kind == "main",
            )
        )


def _build_campaigns(built: Built, now: datetime) -> None:
    granted = Counter[tuple[str, str]]()
    made: dict[tuple[str, str], int] = {}
    public_ids: dict[tuple[str, str], str] = {}
    for plan in offers.CAMPAIGNS:
        mall_id = built.malls[plan.mall].id
        store_ids = [built.stores[code].id for code in plan.stores]
        campaign = campaigns.create(mall_id, plan.code, plan.offer, store_ids=store_ids, now=now)
        made[plan.mall, plan.code], public_ids[plan.mall, plan.code] = campaign.id, campaign.public_id
        if plan.granted_on is not None:
            granted[plan.mall, plan.granted_on] += 1
            grants.grant_on(mall_id, plan.granted_on, campaign.id, position=granted[plan.mall, plan.granted_on])
    faces.show(built.malls, built.stores, made, now)
    for code, gives in offers.BENEFITS.items():
        _give_by_tier(built.malls[code], gives, {key[1]: one for key, one in public_ids.items() if key[0] == code}, now)
    for mall, said in offers.PERKS.items():
        for tier, text in said.items():
            perks.set_perks(built.malls[mall].id, tier, text, now=now)


def _give_by_tier(mall: Mall, by_tier: Mapping[str, TierGives], public_ids: Mapping[str, str], now: datetime) -> None:
    """What tiers give, with the campaigns that were just made in place of their codes."""
    meant = {
        tier: replace(
            gives, allowances=tuple(replace(one, campaign=public_ids[one.campaign]) for one in gives.allowances)
        )
        for tier, gives in by_tier.items()
    }
    tier_benefits.open_with(mall.id, Benefits(meant), effective_from=_contract_start(now), by="陈岚", now=now)


def _build_staff(built: Built, now: datetime) -> None:
    for plan in directory.STAFF:
        person = staff.hire(name=plan.name, phone=plan.phone, password=directory.PASSWORD, now=now)
        staff.grant_role(person.id, role=Role(plan.role), place=_place(built, plan))
        if plan.store and plan.role == Role.CLERK:
            built.clerks[plan.store] = person
        if plan.mall and plan.role == Role.OPERATIONS:
            built.operators[plan.mall] = person


def _place(built: Built, plan: directory.DemoStaff) -> Place:
    store = built.stores[plan.store] if plan.store else None
    if plan.role == Role.CLERK and store is not None:
        return Place(store_id=store.id)
    return Place(
        mall_id=built.malls[plan.mall].id if plan.mall else None,
        merchant_id=store.merchant_id if store else None,
    )


def rewire(wiring: Machines, *, now: datetime) -> CarPark:
    """Connect the demo's car park to the gate where it is now, and its mall to WeChat Pay's business circle."""
    store = queries.find_store_by_code(CAR_PARK_STORE)
    if store is None:
        raise LookupError("the demo malls are not built")
    if wiring.circle_mchid:
        circles.set_up(store.mall_id, mchid=wiring.circle_mchid, brand_id=CIRCLE_BRAND, by="陈岚", now=now)
    return car_parks.open_car_park(
        CAR_PARK,
        name="悦汇城地下停车场",
        store=store,
        gate=Gate(wiring.gate_url, wiring.gate_secret),
        now=now,
    )


def _build_car_park(built: Built, wiring: Machines, now: datetime) -> None:
    store = built.stores[CAR_PARK_STORE]
    car_park = rewire(wiring, now=now)
    tariffs.set_tariff(car_park.id, TARIFF, effective_from=now)
    machines.register(
        wiring.gate_id, kind="gate", name="道闸系统", secret=wiring.gate_secret, mall_id=store.mall_id, now=now
    )
    machines.register(
        wiring.pos_id, kind="pos", name="收银系统", secret=wiring.pos_secret, mall_id=store.mall_id, now=now
    )
