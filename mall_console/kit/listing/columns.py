"""Columns of the usual kinds; `of` takes what the column shows out of a row."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from app.identity.models import Member
from mall_console.kit.listing import cells
from mall_console.kit.listing.listing import Column

R = TypeVar("R")


def moment(key: str, head: str, of: Callable[[R], datetime | None], **more: Any) -> Column[R]:
    """Day and time."""
    return Column(key=key, head=head, cell=lambda _, row: cells.moment(of(row)), look="num nowrap", **more)


def text(key: str, head: str, of: Callable[[R], str | None], *, look: str = "", **more: Any) -> Column[R]:
    """Words; a dash where there are none."""
    return Column(key=key, head=head, cell=lambda _, row: cells.text(of(row)), look=look, **more)


def money(key: str, head: str, of: Callable[[R], int | None], **more: Any) -> Column[R]:
    """Fen, as yuan."""
    return Column(key=key, head=head, cell=lambda _, row: cells.money_or_nothing(of(row)), look="right num", **more)


def count(key: str, head: str, of: Callable[[R], int | None], **more: Any) -> Column[R]:
    """How many."""
    return Column(key=key, head=head, cell=lambda _, row: cells.count_or_nothing(of(row)), look="right num", **more)


def signed(key: str, head: str, of: Callable[[R], int], **more: Any) -> Column[R]:
    """With its sign."""
    return Column(key=key, head=head, cell=lambda _, row: cells.signed(of(row)), look="right num", **more)


def member(of: Callable[[R], Member | None], *, otherwise: str = "—") -> Column[R]:
    """The member, who leads to their page."""
    return Column(
        key="member",
        head="会员",
        cell=lambda workspace, row: cells.member(workspace, of(row), otherwise=otherwise),
        look="num",
    )


def mall(of: Callable[[R], str], **more: Any) -> Column[R]:
    """The mall of a row by its name, in a list where rows of several stand together; for who works in several."""
    return Column(key="mall", head="商场", cell=lambda _, row: cells.text(of(row)), among_malls=True, **more)
