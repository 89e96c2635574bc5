"""What stands in a list's cell: as it is shown, and as a file has it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from app.identity.models import Member
from app.kernel import clock
from app.web import filters
from mall_console.kit.workspace import Workspace

Value = str | int | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class RowAct:
    """A button of a row that posts to an address; with a `question` it asks first, and says what it means.

    `key` presses it in a list that is worked by keys.
    """

    address: str
    label: str
    tone: str = "quiet"
    question: str = ""
    meaning: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`text`, with `small` below it; a link with `href`, a tag with `tone`. `value` is what a file has, else the text.

    Moments are in the mall's time, without a zone, as a spreadsheet has them.
    """

    text: str
    small: str = ""
    href: str = ""
    tone: str = ""
    is_negative: bool = False
    value: Value = None
    acts: Sequence[RowAct] = ()

    def plain(self) -> Value:
        """What a file has."""
        if self.value is not None:
            return self.value
        return f"{self.text}（{self.small}）" if self.small else self.text


NOTHING = Cell(text="—", value="")
EMPTY = Cell(text="", value="")


def text(words: str | None, *, small: str = "", href: str = "") -> Cell:
    """Words; a dash where there are none."""
    return Cell(text=words, small=small, href=href) if words else NOTHING


def tag(words: str, tone: str = "plain", *, small: str = "") -> Cell:
    """A state, in words and colour."""
    return Cell(text=words, tone=tone, small=small)


def moment(at: datetime | None, *, otherwise: str = "—") -> Cell:
    """Day and time; the year only when it is not this one."""
    if at is None:
        return Cell(text=otherwise, value="" if otherwise == "—" else otherwise)
    local = clock.local(at)
    this_year = local.year == clock.business_date(clock.now()).year
    shown = local.strftime("%m-%d %H:%M" if this_year else "%Y-%m-%d %H:%M")
    return Cell(text=shown, value=local.replace(tzinfo=None, microsecond=0))


def moment_or_day(at: datetime, *, is_day_only: bool) -> Cell:
    """As `moment`; the day alone of what nobody told the hour of."""
    told = moment(at)
    return replace(told, text=told.text.rpartition(" ")[0], value=clock.business_date(at)) if is_day_only else told


def day(on: date) -> Cell:
    return Cell(text=on.isoformat(), value=on)


def money(fen: int) -> Cell:
    return Cell(text=filters.yuan(fen), is_negative=fen < 0, value=Decimal(fen).scaleb(-2))


def money_or_nothing(fen: int | None) -> Cell:
    return NOTHING if fen is None else money(fen)


def count_or_nothing(number: int | None) -> Cell:
    return NOTHING if number is None else count(number)


def count(number: int, *, small: str = "") -> Cell:
    return Cell(text=filters.points(number), small=small, value=number)


def signed(number: int) -> Cell:
    """With its sign."""
    return Cell(text=filters.signed(number), is_negative=number < 0, value=number)


def member(workspace: Workspace, person: Member | None, *, otherwise: str = "—") -> Cell:
    """A member by their masked phone, which leads to their page for who may see it."""
    if person is None:
        return Cell(text=otherwise)
    return member_of(workspace, person.public_id, person.phone_masked)


def member_of(workspace: Workspace, public_id: str, phone_masked: str | None) -> Cell:
    """As `member`, of one whose row was not read."""
    href = f"{workspace.base}/members/{public_id}" if workspace.can("member.view") else ""
    return Cell(text=phone_masked or "无手机号", href=href)
