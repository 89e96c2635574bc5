"""Adding and changing merchants and stores."""

from dataclasses import asdict, dataclass
from datetime import datetime

from app.kernel.db import add_unless_taken
from app.kernel.switches import assign
from app.malls.errors import MerchantCodeTaken, StoreCodeTaken
from app.malls.models import Mall, Merchant, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """What can change about a store; hours both or neither."""

    name: str
    floor: str
    category_code: str
    active: bool = True
    opens_minute: int | None = None
    closes_minute: int | None = None
    phone: str | None = None
    about: str | None = None


def add_merchant(code: str, *, name: str, mall_id: int, now: datetime) -> Merchant:
    """A new merchant, kept by the mall until it has stores; raises MerchantCodeTaken."""
    merchant = Merchant(code=code, name=name, added_in_mall_id=mall_id, created_at=now)
    add_unless_taken(merchant, "uq_merchants_code", MerchantCodeTaken())
    return merchant


def rename_merchant(merchant: Merchant, *, name: str) -> bool:
    """Give a merchant another name; statements already issued show the new one, too. False when it is called so."""
    return assign(merchant, name=name)


def add_store(code: str, *, mall: Mall, merchant: Merchant, facts: StoreFacts, now: datetime) -> Store:
    """A new store of a merchant in a mall; raises StoreCodeTaken."""
    store = Store(code=code, mall_id=mall.id, merchant_id=merchant.id, created_at=now, **asdict(facts))
    add_unless_taken(store, "uq_stores_code", StoreCodeTaken())
    return store


def change_store(store: Store, facts: StoreFacts) -> bool:
    """Change what can change; a store never moves to another mall or merchant. False when it was all so already."""
    return assign(store, **asdict(facts))
