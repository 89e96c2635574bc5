"""What entries of the audit log are about, in words: rows by their names, everything else by what its id says."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from app.access import staff_queries
from app.access.machines import queries as machine_queries
from app.benefits.campaigns import queries as campaign_queries
from app.benefits.coupons import redemption_queries
from app.entrances import queries as entrance_queries
from app.malls import queries as malls
from app.parking.car_parks import list_queries
from app.settlement.statements import queries as settlement
from mall_console.benefits import campaigns

NOUNS = {
    "mall": "商场",
    "staff": "员工",
    "entrance": "入口码",
    "statement": "结算单",
    "redemption": "核销",
    "period": "账期",
    "store": "门店",
    "merchant": "商户",
    "campaign": "活动",
    "machine": "设备",
    "member": "会员",
    "car_park": "停车场",
    "outreach_policy": "触达规则",
    "trigger": "发放规则",
}
NAMES: dict[str, Callable[[Collection[int]], dict[int, str]]] = {
    "mall": malls.mall_names_of,
    "staff": staff_queries.names_of,
    "entrance": entrance_queries.names_of,
    "statement": settlement.numbers_of,
    "store": malls.store_names_of,
    "merchant": malls.merchant_names_of,
    "campaign": campaign_queries.titles_of,
    "machine": machine_queries.names_of,
    "car_park": list_queries.names_of,
}

_ID = re.compile(r"[1-9][0-9]{0,17}")


def name_all(subjects: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Each subject `<kind>:<id>` as (kind, name) in words, with one query per kind."""
    ids: dict[str, set[int]] = defaultdict(set)
    parts = {subject: subject.partition(":") for subject in subjects}
    for kind, _, which in parts.values():
        if kind in NAMES and _ID.fullmatch(which):
            ids[kind].add(int(which))
    used = {which for kind, _, which in parts.values() if kind == "redemption"}
    names = {f"redemption:{one}": title for one, title in redemption_queries.titles_of(used).items()}
    names |= {f"{kind}:{one}": name for kind, wanted in ids.items() for one, name in NAMES[kind](wanted).items()}
    return {
        subject: (NOUNS.get(kind, kind), names.get(subject) or _told(kind, which))
        for subject, (kind, _, which) in parts.items()
    }


def _told(kind: str, which: str) -> str:
    """What the id itself says; long ids keep their end, where neighbours differ."""
    last = which.rpartition(":")[2]
    if kind == "trigger":
        return campaigns.TRIGGERS[last][0] if last in campaigns.TRIGGERS else last
    if kind == "outreach_policy":
        return "全集团"
    if which == "none":
        return "没有找到"
    return last if len(last) <= 12 else f"…{last[-8:]}"
