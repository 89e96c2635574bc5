"""Reading and changing what a mall has decided about receipts."""

from dataclasses import asdict, dataclass, fields

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.purchases.settings.models import ReceiptSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As the table's columns; without `claim_days` or `claims_per_day` nobody claims anything."""

    refund_days: int = 7
    claim_days: int = 7
    claims_per_day: int = 5
    photos_per_day: int = 5
    photo_days: int = 180
    photo_second_fen: int = 100_000

    @property
    def takes_photos(self) -> bool:
        """Whether members may send photographed receipts."""
        return self.claim_days > 0 and self.photos_per_day > 0

    @property
    def print_days(self) -> int:
        """How long it is remembered how a photograph looked: while it is kept, and while its receipt may be claimed."""
        return max(self.photo_days, self.claim_days)


USUAL = Settings()


def of_mall(mall_id: int) -> Settings:
    """What holds in the mall now."""
    columns = [getattr(ReceiptSettings, one.name) for one in fields(Settings)]
    row = db.session.execute(select(*columns).where(ReceiptSettings.mall_id == mall_id)).first()
    return USUAL if row is None else Settings(**row._mapping)


def photo_days_by_mall() -> dict[int, int]:
    """How long photographs are kept, in malls that decided it."""
    return dict(db.session.execute(select(ReceiptSettings.mall_id, ReceiptSettings.photo_days)).tuples().all())


def print_days_by_mall() -> dict[int, int]:
    """How long it is remembered how photographs looked, in malls that decided it."""
    days = func.greatest(ReceiptSettings.photo_days, ReceiptSettings.claim_days)
    return dict(db.session.execute(select(ReceiptSettings.mall_id, days)).tuples().all())


def refund_days_by_mall() -> dict[int, int]:
    """How long refunds may wait, in malls that decided it."""
    return dict(db.session.execute(select(ReceiptSettings.mall_id, ReceiptSettings.refund_days)).tuples().all())


def change(mall_id: int, settings: Settings) -> None:
    """Let these hold from now on."""
    said = asdict(settings)
    db.session.execute(
        insert(ReceiptSettings)
        .values(mall_id=mall_id, **said)
        .on_conflict_do_update(index_elements=["mall_id"], set_=said)
    )
