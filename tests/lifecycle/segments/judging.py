"""A definition judged person by person, in plain Python over a world's facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.identity.asking.fields import Kind
from app.identity.models import MemberStatus
from app.identity.profiles.rules import Birthday
from app.lifecycle.segments.known_fields import all_fields
from tests.lifecycle.segments.worlds import TODAY, Bought, Person, World

Data = Mapping[str, Any]


def members_of(world: World, data: Data, *, mall_id: int | None) -> set[int]:
    """Whom the definition means."""
    root = data["root"]
    plain = all(all_fields()[leaf["field"]].is_plain for leaf in _leaves(root))
    return {
        person.id
        for person in world.persons
        if person.status == MemberStatus.MEMBER.value
        and mall_id in (None, person.mall_id)
        and (plain or person.is_profiled)
        and _holds(root, person)
    }


def _leaves(node: Data) -> Iterable[Data]:
    if "field" in node:
        return [node]
    parts = [node["not"]] if "not" in node else node.get("all") or node["any"]
    return [leaf for part in parts for leaf in _leaves(part)]


def _holds(node: Data, person: Person) -> bool:
    if "not" in node:
        return not _holds(node["not"], person)
    if "all" in node:
        return all(_holds(part, person) for part in node["all"])
    if "any" in node:
        return any(_holds(part, person) for part in node["any"])
    kind = all_fields()[node["field"]].kind
    found = VALUES[node["field"]](person, node.get("days"))
    return _COMPARE[kind](found, node["operator"], node.get("value"))


def _is_recent(day: date, days: int | None) -> bool:
    return days is None or (TODAY - day).days < days


def _recent(person: Person, days: int | None) -> list[Bought]:
    return [one for one in person.bought if one.counts and _is_recent(one.day, days)]


def _spend(person: Person, days: int | None) -> int:
    rows = [row for one in person.bought for row in ((one.day, one.fen), *one.refunds)]
    return sum(fen for day, fen in rows if _is_recent(day, days))


def _ticket(person: Person, days: int | None) -> int | None:
    times = len(_recent(person, days))
    # The database cuts towards zero.
    return None if not times else int(_spend(person, days) / times)


def _tier(person: Person, _: int | None) -> str:
    return "gold" if (person.growth or 0) >= 2_000 else "silver"


def _last_visit(person: Person, _: int | None) -> date | None:
    return max((day for kind, day in person.acts if kind in ("visited", "parking_paid")), default=None)


VALUES: Mapping[str, Callable[[Person, int | None], Any]] = {
    "joined": lambda person, _: person.joined_on,
    "home_mall": lambda person, _: str(person.mall_id),
    "has_plate": lambda person, _: person.has_plate,
    "preferences": lambda person, _: person.likes,
    "birthday": lambda person, _: person.birthday,
    "nearby": lambda person, _: person.nearby,
    "children": lambda person, _: {band for band, number in person.children.items() if number},
    "growth": lambda person, _: person.growth or 0,
    "tier": _tier,
    "spend": _spend,
    "ticket": _ticket,
    "purchases": lambda person, days: len(_recent(person, days)),
    "last_purchase": lambda person, _: max((one.day for one in person.bought if one.counts), default=None),
    "bought_categories": lambda person, days: {one.category for one in _recent(person, days)},
    "bought_stores": lambda person, days: {str(one.store_id) for one in _recent(person, days)},
    "visits": lambda person, days: sum(kind == "visited" and _is_recent(day, days) for kind, day in person.acts),
    "last_visit": _last_visit,
    "acts": lambda person, days: {kind for kind, day in person.acts if _is_recent(day, days)},
}


def _choice(found: str | None, operator: str, codes: Sequence[str]) -> bool:
    return (found in codes) == (operator == "any_of")


def _set(found: set[str], operator: str, codes: Sequence[str]) -> bool:
    shared = found & set(codes)
    return {"any_of": bool(shared), "all_of": shared == set(codes), "none_of": not shared}[operator]


def _number(found: int | None, operator: str, value: Any) -> bool:
    if found is None:
        return False
    low, high = value if operator == "between" else (value, value)
    return {"at_least": found >= low, "at_most": found <= high, "between": low <= found <= high}[operator]


def _day(found: date | None, operator: str, value: Any) -> bool:
    if found is None or operator == "never":
        return found is None and operator == "never"
    if operator in ("since", "until"):
        other = date.fromisoformat(value)
        return found >= other if operator == "since" else found <= other
    is_recent = (TODAY - found).days < value
    return is_recent == (operator == "within")


def _season(found: tuple[int, int] | None, operator: str, value: Any) -> bool:
    if found is None:
        return False
    if operator == "in_months":
        return found[0] in value
    return operator == "is_known" or Birthday(*found).next_on(TODAY) < TODAY + timedelta(days=value)


def _flag(found: bool, operator: str, _: Any) -> bool:
    return found == (operator == "yes")


_COMPARE: Mapping[Kind, Callable[[Any, str, Any], bool]] = {
    Kind.CHOICE: _choice,
    Kind.SET: _set,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
    Kind.SEASON: _season,
    Kind.FLAG: _flag,
}
