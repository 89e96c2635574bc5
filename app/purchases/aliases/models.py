"""Codes of stores in the books of a source."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class StoreAlias(Model):
    """What a source in a mall calls a store, where that is not the store's own code."""

    __tablename__ = "store_aliases"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[str]
