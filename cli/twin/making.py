"""Making the twin's members in a mall: some at a time, each with their whole life, through the imports' verbs."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from app.access.machines.models import Machine
from app.benefits.campaigns import campaigns
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.flows.history import coupons, members, stays
from app.flows.purchases import Effects
from app.identity import bulk as identity_bulk
from app.identity import queries
from app.identity.models import ConsentDocument, IdentityKind
from app.identity.profiles import bulk as profiles_bulk
from app.identity.profiles.bulk import Children, Told
from app.identity.profiles.households import HOUSEHOLD
from app.kernel import clock
from app.kernel.db import atomic, db, take_long
from app.lifecycle.stages import nights
from app.malls import queries as mall_queries
from app.malls import store_refs
from app.malls.models import Store
from app.parking.car_parks.models import CarPark
from app.workers.lifecycle import night_runs
from cli.imports import loading
from cli.imports.side_by_side import each_part
from cli.twin import archetypes, browsing, buying, people, profiles, scanning, visitors
from cli.twin.lives import EACH, Life, live
from cli.twin.people import Person, World
from cli.twin.points import exchanging, parking
from cli.twin.stage import SOURCE, Cast, Stage, ensure_all_new

BATCH = 500
_VALID_DAYS = 30
# Those that serve every store of a mall.
_TILLS = select(Machine).where(Machine.kind == "pos", Machine.merchant_id.is_(None), Machine.store_id.is_(None))


def make(
    world: World,
    mall_code: str,
    *,
    effects: Effects,
    end: datetime,
    progress: Callable[[int, int], None],
    workers: int = 1,
) -> Counter[str]:
    """Make those members of the world who are not here yet, some at a time, by so many processes at once.

    Returns how many rows of each kind.

    Killed anywhere it has made whole batches, and goes on behind them when it is run again with the same world.
    """
    made: Counter[str] = Counter()
    with atomic():
        _open_campaigns(mall_code, world)
        browsing.make_months(world)
    parts = [range(start, min(start + BATCH, world.members)) for start in range(0, world.members, BATCH)]
    done = 0
    for found in each_part(parts, partial(_make_part, world, mall_code, effects, end), workers=workers, let_go=_let_go):
        made += found
        done += 1
        progress(min(done * BATCH, world.members), world.members)
    with atomic():
        stage = _stage(mall_code)
        made["visitors"] += visitors.make(world, stage.mall.id, stage.doors, end=end)
    return +made


def work_out_stages(world: World, *, now: datetime) -> int:
    """Where everybody stood on each day of the story that is over; returns on how many, none once nights have begun."""
    until = min(world.last, nights.last_over(now))
    return len(night_runs.backfill(since=world.first, until=until, now=now)) if until >= world.first else 0


def list_shops(mall_id: int) -> list[Store]:
    """Where something can be bought in the mall."""
    stores = mall_queries.list_stores(mall_id=mall_id)
    return [store for store in stores if store.active and store.category_code != "parking"]


def _stage(mall_code: str) -> Stage:
    mall = mall_queries.find_mall_by_code(mall_code)
    if mall is None:
        raise LookupError(mall_code)
    stores: dict[str, list[Store]] = defaultdict(list)
    for store in list_shops(mall.id):
        stores[store.category_code].append(store)
    found = db.session.scalars(select(Campaign).where(Campaign.mall_id == mall.id, Campaign.code.startswith("twin-")))
    return Stage(
        mall=mall,
        stores=stores,
        campaigns={campaign.code.removeprefix("twin-"): campaign for campaign in found},
        car_park=db.session.scalar(select(CarPark).where(CarPark.mall_id == mall.id).order_by(CarPark.id).limit(1)),
        till=db.session.scalar(_TILLS.where(Machine.mall_id == mall.id).limit(1)),
        doors=scanning.list_doors(mall.id),
    )


def _open_campaigns(mall_code: str, world: World) -> None:
    """A kind of coupons for each category that the mall has stores of, since the first day."""
    stage, now = _stage(mall_code), clock.start_of_day(world.first)
    for category, rebate in archetypes.rebates().items():
        if category in stage.stores and category not in stage.campaigns:
            offer = Offer(
                title=rebate.title,
                summary=rebate.summary,
                kind=CampaignKind.CASH,
                face_fen=rebate.face_fen,
                min_spend_fen=rebate.min_spend_fen,
                valid_days=_VALID_DAYS,
                per_member_limit=EACH,
                mall_share_bps=5_000,
            )
            store_ids = [store.id for store in stage.stores[category]]
            campaigns.create(stage.mall.id, f"twin-{category}", offer, store_ids=store_ids, now=now)


def _let_go() -> None:
    """No connection is another process's as well."""
    db.session.remove()
    db.engine.dispose()


def _make_part(world: World, mall_code: str, effects: Effects, end: datetime, numbers: Sequence[int]) -> Counter[str]:
    with loading.rarely_collected(), atomic():
        take_long()  # the lives of many are written by a few statements
        return _make_some(world, numbers, _stage(mall_code), effects, end)


def _make_some(world: World, numbers: Sequence[int], stage: Stage, effects: Effects, end: datetime) -> Counter[str]:
    cards = [people.card_no(world.seed, number) for number in numbers]
    here = identity_bulk.find_owners(IdentityKind.CARD_NO, cards)
    sizes = {category: len(stores) for category, stores in stage.stores.items()}
    fresh = [people.person(world, number) for number, card in zip(numbers, cards, strict=True) if card not in here]
    lives = [(one, live(world, one, sizes, end)) for one in fresh]
    cast = _join(lives, world, stage, effects)
    made = Counter(
        members=len(lives),
        openings=scanning.look(world, fresh, stage.doors, end=end),
        profiles=_tell(cast, world, end),
        stays=_park(cast, world, stage, effects),
        coupons=_use_coupons(cast, stage, effects),
        **buying.buy(cast, world, stage, effects),
        browsing=browsing.browse(cast, world, end=end),
    )
    last_stays, paid = parking.park(cast, world, stage, effects)
    exchanges = exchanging.exchange(cast, world, stage, effects, end=end)
    return made + Counter({"stays": last_stays, "stays paid with points": paid, "exchanges": exchanges})


def _join(lives: Sequence[tuple[Person, Life]], world: World, stage: Stage, effects: Effects) -> Cast:
    joiners = [
        members.Incoming(
            card_no=one.card_no,
            phone=one.phone,
            name=one.name,
            joined_at=life.joined_at,
            scan=scanning.scan_to_join(world, one, life, stage.doors),
        )
        for one, life in lives
    ]
    ensure_all_new(members.load(joiners, home_mall_id=stage.mall.id, effects=effects, now=clock.now()))
    ids = identity_bulk.find_owners(IdentityKind.CARD_NO, [one.card_no for one, _ in lives])
    plates = [(one.plate, ids[one.card_no]) for one, life in lives if one.plate is not None]
    identity_bulk.bind_plates(plates, now=clock.now())
    return Cast(lives, ids)


def _tell(cast: Cast, world: World, end: datetime) -> int:
    """Their profiles; households where there is a text about them."""
    text = queries.find_document(HOUSEHOLD, now=end)
    told = [_told(member_id, one, life, world, text, end) for member_id, one, life in cast.each()]
    profiles_bulk.load(told, channel=SOURCE)
    return len(told)


def _told(member_id: int, one: Person, life: Life, world: World, text: ConsentDocument | None, end: datetime) -> Told:
    said = profiles.profile(world, one)
    children = None
    if said.children is not None and text is not None:
        children = Children(bands=said.children, consent_version=text.version)
    since = life.joined_at if text is None else text.effective_from
    at = profiles.told_at(world, one, said, joined_at=life.joined_at, not_before=since)
    return Told(
        member_id=member_id,
        at=min(at, end),
        preferences=said.preferences,
        birthday=said.birthday,
        nearby=said.nearby,
        children=children,
    )


def _park(cast: Cast, world: World, stage: Stage, effects: Effects) -> int:
    """All stays but those that are to be paid with points, which are not earned yet."""
    if stage.car_park is None:
        return 0
    batch = [
        stays.Incoming(one.plate, stay.entered_at, stay.exited_at)
        for one, life, later in ((one, life, parking.find_paid(world, one, life, effects)) for one, life in cast.people)
        if one.plate is not None
        for stay in life.stays
        if stay is not later
    ]
    return parking.count_known(stays.load(batch, stage.car_park))


def _use_coupons(cast: Cast, stage: Stage, effects: Effects) -> int:
    """Coupons that were used were claimed a little before, the others ran out."""
    batch = []
    for member_id, _, life in cast.each():
        for number, one in enumerate(life.bought):
            if one.rebate_fen:
                store = store_refs.of(stage.stores[one.category][one.store])
                use = coupons.Use(store, one.spend_fen, one.at - timedelta(minutes=2))
                claimed_at = max(one.at - timedelta(minutes=30), life.joined_at)
                batch.append(_claim(member_id, stage, one.category, f"used:{number}", claimed_at, use))
        for number, (at, category) in enumerate(life.claimed):
            batch.append(_claim(member_id, stage, category, f"left:{number}", at, None))
    ensure_all_new(coupons.load(batch, trigger=SOURCE, effects=effects))
    return len(batch)


def _claim(
    member_id: int, stage: Stage, category: str, key: str, at: datetime, use: coupons.Use | None
) -> coupons.Incoming:
    return coupons.Incoming(member_id, stage.campaigns[category], f"{SOURCE}:{key}", at, use)
