"""Two members beside each other, for who decides whether they are one person."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.benefits.coupons import queries as coupons
from app.cases.models import Case
from app.flows.members import duplicates
from app.identity import member_search, members, queries
from app.identity.duplicates import rules
from app.identity.duplicates.wording import AGAINST, SIGNS
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.identity.profiles import queries as profiles
from app.kernel import clock
from app.kernel.security.codes import grouped
from app.malls import queries as malls
from app.points.ledger import queries as points
from app.purchases import receipt_queries
from app.tiers.growth import growth
from app.timeline import queries as timeline
from app.web import filters
from mall_console.kit import masks
from mall_console.kit.workspace import Workspace
from mall_console.members import seen
from mall_console.members.member_list import STATUSES

_SIGN_INS = (IdentityKind.MINI_OPENID, IdentityKind.OA_OPENID, IdentityKind.WECOM_EXTERNAL)
_NONE = "—"
# Where the same value on both sides says something.
_TELLING = {"姓名", "生日", "车牌", "会员卡号"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, with everything that is shown of them by its label. `path` is None for who may not open them."""

    name: str
    status: tuple[str, str]
    path: str | None
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A label with the values of both; `is_same` marks what both have."""

    label: str
    values: tuple[str, str]
    is_same: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides, what they have in common, what speaks against it; `percent` is None for who were never compared."""

    sides: tuple[Side, Side]
    rows: Sequence[Row]
    shared: Sequence[str]
    against: Sequence[str]
    percent: int | None


def compare(workspace: Workspace, case: Case) -> Compared:
    """What the page of a case about two members shows."""
    one, other = (_side(workspace, queries.get_member(member_id)) for member_id in duplicates.members_of(case))
    row = duplicates.find_evidence(case)
    labels = [label for label in dict.fromkeys([*one.values, *other.values]) if _is_known(label, one, other)]
    return Compared(
        sides=(one, other),
        rows=[_row(label, one.values.get(label, _NONE), other.values.get(label, _NONE)) for label in labels],
        shared=[_told(sign, row.evidence[sign]) for sign in _weightiest(row.evidence)] if row else [],
        against=[AGAINST[code] for code in row.against] if row else [],
        percent=row.confidence_bps // 100 if row and row.evidence else None,
    )


def _is_known(label: str, *sides: Side) -> bool:
    return any(side.values.get(label, _NONE) != _NONE for side in sides)


def _weightiest(evidence: Collection[str]) -> list[str]:
    return sorted(rules.telling(evidence), key=lambda sign: (-rules.WEIGHTS_BPS[sign], sign))


def _told(sign: str, count: int) -> str:
    return SIGNS[sign] if count == 1 else f"{SIGNS[sign]}（{count} 处）"


def _row(label: str, one: str, other: str) -> Row:
    """Plates and the like are several: one in common is enough."""
    both = set(one.split("、")) & set(other.split("、")) - {_NONE}
    return Row(label, (one, other), bool(both) and label in _TELLING)


def _side(workspace: Workspace, member: Member) -> Side:
    name = member.phone_masked or "无手机号"
    status = STATUSES[member.status]
    if not (workspace.can("member.view") and seen.is_visible(workspace, member)):
        home = malls.get_mall(member.home_mall_id).name
        return Side(name, status, None, {"所属商场": home, "入会": _day(member.joined_at)})
    values = {label: read(workspace, member) or _NONE for label, read in _SHOWN.items()}
    return Side(name, status, f"/members/{member.public_id}", values)


def _day(at: datetime | None) -> str:
    return filters.local_time(at, "%Y-%m-%d") if at else _NONE


def _name(workspace: Workspace, member: Member) -> str:
    """With what follows the family name hidden."""
    name = members.name_of(member)
    return name[0] + "*" * (len(name) - 1) if name else ""


def _birthday(workspace: Workspace, member: Member) -> str:
    told = profiles.get_profile(member.id).birthday
    return "" if told is None else f"{told.month:02d}-{told.day:02d}"


def _of_kinds(member: Member, *kinds: IdentityKind) -> list[MemberIdentity]:
    wanted = {kind.value for kind in kinds}
    return [one for one in member_search.list_all_identities(member.id) if one.kind in wanted]


def _sign_ins(workspace: Workspace, member: Member) -> str:
    return "、".join(dict.fromkeys(masks.IDENTITIES[one.kind] for one in _of_kinds(member, *_SIGN_INS)))


def _cards(workspace: Workspace, member: Member) -> str:
    return "、".join(_card(one.value) for one in _of_kinds(member, IdentityKind.CARD_NO))


def _card(card_no: str) -> str:
    """A number in groups of four; what a mall once printed on cards as it is."""
    return grouped(card_no) if card_no.isdigit() else card_no


def _plates(workspace: Workspace, member: Member) -> str:
    return "、".join(masks.plate(workspace, one.value) for one in _of_kinds(member, IdentityKind.PLATE))


def _bought(workspace: Workspace, member: Member) -> str:
    count, fen = receipt_queries.sum_of(queries.list_person_ids(member.id), mall_id=workspace.mall.id)
    return f"{count} 笔，{filters.yuan(fen)}" if count else ""


def _there(workspace: Workspace, member: Member) -> str:
    first, last = timeline.first_and_last(queries.list_person_ids(member.id), mall_id=workspace.mall.id)
    return f"{_day(first)} 至 {_day(last)}" if first else ""


_Read = Callable[[Workspace, Member], str]
_SHOWN: dict[str, _Read] = {
    "姓名": _name,
    "生日": _birthday,
    "会员卡号": _cards,
    "登录方式": _sign_ins,
    "车牌": _plates,
    "入会": lambda _, one: _day(one.joined_at),
    "可用积分": lambda _, one: f"{points.get_balance(one.id, now=clock.now()).available_points:,}",
    "成长值": lambda _, one: f"{growth.value_of(one.id):,}",
    "可用优惠券": lambda _, one: f"{coupons.count_usable(one.id, now=clock.now())} 张",
    "本商场消费": _bought,
    "本商场到店": _there,
}
