"""Finding stores by what a source calls them, and remembering it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.malls.models import Store
from app.purchases.aliases.models import StoreAlias

Code = tuple[str, str]  # source, what it calls the store


def find_store(mall_id: int, source: str, code: str) -> Store | None:
    """The store that the source calls so."""
    return find_stores(mall_id, [(source, code)]).get((source, code))


def find_stores(mall_id: int, codes: Collection[Code]) -> dict[Code, Store]:
    """Those of the codes that are known in the mall."""
    rows = db.session.execute(
        select(StoreAlias.source, StoreAlias.code, Store)
        .join(Store, Store.id == StoreAlias.store_id)
        .where(StoreAlias.mall_id == mall_id, tuple_(StoreAlias.source, StoreAlias.code).in_(sorted(codes)))
    )
    return {(source, code): store for source, code, store in rows}


def remember(store: Store, source: str, code: str, *, by: str, now: datetime) -> None:
    """Let the source call the store so in its mall from now on, whatever it called by that code before."""
    said = {"store_id": store.id, "created_at": now, "created_by": by}
    db.session.execute(
        insert(StoreAlias)
        .values(mall_id=store.mall_id, source=source, code=code, **said)
        .on_conflict_do_update(index_elements=["mall_id", "source", "code"], set_=said)
    )


def list_codes(mall_id: int, source: str) -> dict[int, Sequence[str]]:
    """What the source calls the mall's stores, by the store's id."""
    found = defaultdict[int, list[str]](list)
    rows = db.session.execute(
        select(StoreAlias.store_id, StoreAlias.code)
        .where(StoreAlias.mall_id == mall_id, StoreAlias.source == source)
        .order_by(StoreAlias.code)
    )
    for store_id, code in rows:
        found[store_id].append(code)
    return dict(found)


def forget(mall_id: int, source: str, codes: Collection[str]) -> None:
    """The source means nothing by these codes any more; what was recorded by them stays."""
    db.session.execute(
        delete(StoreAlias).where(
            StoreAlias.mall_id == mall_id, StoreAlias.source == source, StoreAlias.code.in_(sorted(codes))
        )
    )
