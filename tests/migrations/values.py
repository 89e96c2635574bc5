"""What a deployment's tables say before an upgrade, and what today's pages show of it after: values and no words.

For pages whose words have changed. The tables are read as the older release left them; nothing of the product is
imported.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from tests.migrations.answers import MALLS, Answers, Console

SHANGHAI = ZoneInfo("Asia/Shanghai")
TIMELINE = re.compile(r"/members/([0-9a-f]{32})$")
# The columns that have the parts of what the timeline tells as a sentence.
COLUMNS = "?col=what&col=store&col=sum&col=points"
DAYS = 7
NAMES = """
    SELECT name FROM malls UNION SELECT name FROM merchants UNION SELECT name FROM stores UNION
    SELECT name FROM entrances UNION SELECT name FROM staff UNION SELECT name FROM machines UNION
    SELECT name FROM car_parks UNION SELECT title FROM campaigns
"""
# The home page's figures of a span, by their labels.
FIGURES = {
    "扫码": "SELECT count(*) FROM entrance_scans s JOIN entrances e ON e.id = s.entrance_id"
    " WHERE e.mall_id = %(mall)s AND s.scanned_at >= %(since)s AND s.scanned_at < %(until)s",
    "新入会": "SELECT count(*) FROM members"
    " WHERE home_mall_id = %(mall)s AND joined_at >= %(since)s AND joined_at < %(until)s",
    "核销": "SELECT count(*) FROM redemptions"
    " WHERE mall_id = %(mall)s AND reversed_at IS NULL AND redeemed_at >= %(since)s AND redeemed_at < %(until)s",
    "顾客优惠": "SELECT coalesce(sum(discount_fen), 0) FROM redemptions"
    " WHERE mall_id = %(mall)s AND reversed_at IS NULL AND redeemed_at >= %(since)s AND redeemed_at < %(until)s",
    "会员消费": "SELECT coalesce(sum(amount_fen), 0) FROM purchases"
    " WHERE mall_id = %(mall)s AND occurred_at >= %(since)s AND occurred_at < %(until)s",
    "发放积分": "SELECT coalesce(sum(points), 0) FROM points_entries"
    " WHERE kind = 'accrue' AND mall_id = %(mall)s AND occurred_at >= %(since)s AND occurred_at < %(until)s",
    "使用积分": "SELECT coalesce(-sum(points), 0) FROM points_entries"
    " WHERE kind = 'redeem' AND mall_id = %(mall)s AND occurred_at >= %(since)s AND occurred_at < %(until)s",
    "消息送达": "SELECT count(*) FROM outreach_messages"
    " WHERE mall_id = %(mall)s AND sent_at >= %(since)s AND sent_at < %(until)s",
    "车辆入场": "SELECT count(*) FROM parking_sessions s JOIN car_parks p ON p.id = s.car_park_id"
    " WHERE p.mall_id = %(mall)s AND s.entered_at >= %(since)s AND s.entered_at < %(until)s",
    "停车实付": "SELECT coalesce(sum(cash_fen), 0) FROM parking_payments k"
    " JOIN parking_sessions s ON s.id = k.session_id JOIN car_parks p ON p.id = s.car_park_id"
    " WHERE k.status = 'paid' AND p.mall_id = %(mall)s AND k.paid_at >= %(since)s AND k.paid_at < %(until)s",
    "停车减免": "SELECT coalesce(sum(waived_fen), 0) FROM parking_payments k"
    " JOIN parking_sessions s ON s.id = k.session_id JOIN car_parks p ON p.id = s.car_park_id"
    " WHERE k.status = 'paid' AND p.mall_id = %(mall)s AND k.paid_at >= %(since)s AND k.paid_at < %(until)s",
}
GRANTS = """
    SELECT r.trigger, c.title, c.active FROM grant_rules r JOIN campaigns c ON c.id = r.campaign_id
    WHERE r.mall_id = %(mall)s AND r.active ORDER BY r.trigger, r."position"
"""
# A row of somebody's timeline: when, in which store, the sum behind it, and what points it brought or took.
HAPPENED = """
    SELECT e.occurred_at, s.name, coalesce(p.amount_fen, r.discount_fen, k.cash_fen),
        (SELECT sum(n.points) FROM points_entries n WHERE n.member_id = e.member_id AND n.fact = e.fact)
    FROM timeline_events e
    JOIN members m ON m.id = e.member_id
    LEFT JOIN stores s ON s.id = e.store_id
    LEFT JOIN purchases p ON p.member_id = e.member_id AND e.fact = 'purchase:' || p.source || ':' || p.receipt_no
    LEFT JOIN redemptions r ON r.member_id = e.member_id
        AND e.fact IN ('redemption:' || r.public_id, 'redemption-reversal:' || r.public_id)
    LEFT JOIN parking_payments k ON k.member_id = e.member_id AND e.fact = 'parking:' || k.public_id
    WHERE m.public_id = %(member)s AND e.mall_id = %(mall)s
"""
_TILE = re.compile(
    r'class="figure"[^>]*><span>([^<]+)</span><b>([^<]+)</b>(?:<small>(?:(?!</small>).)*此前 ([^<]+)</small>)?'
)
_FORM = re.compile(r'name="trigger" value="([^"]+)">(.*?)</form>', re.S)
_RULE = re.compile(r'name="campaign"[^>]* checked[^>]*><span class="unseen">发放([^<]+)</span>.*?</tr>', re.S)


def read_names(database_url: str) -> list[str]:
    """What things are called in the deployment."""
    with psycopg.connect(database_url) as connection:
        return [str(name) for (name,) in connection.execute(NAMES)]


def read_tables(database_url: str, console: dict[str, Answers], now: datetime) -> Answers:
    """By mall: the figures of the last days and of those before, the grants in their order, and the timelines of the
    members whose pages are in `console`.
    """
    with psycopg.connect(database_url) as connection:
        malls: dict[str, int] = dict(connection.execute("SELECT code, id FROM malls").fetchall())
        return {code: _read_mall(connection, malls[code], console[code], now) for code in MALLS}


def _read_mall(connection: psycopg.Connection[Any], mall_id: int, pages: Answers, now: datetime) -> Answers:
    grants: dict[str, list[list[Any]]] = {}
    for trigger, title, active in connection.execute(GRANTS, {"mall": mall_id}):
        grants.setdefault(trigger, []).append([title, active])
    members = [found[1] for path in pages if (found := TIMELINE.search(path))]
    return {
        "home": {label: _figures(connection, query, mall_id, now) for label, query in FIGURES.items()},
        "grants": grants,
        "timelines": {member: sorted(_timeline(connection, mall_id, member, now), key=repr) for member in members},
    }


def _figures(connection: psycopg.Connection[Any], query: str, mall_id: int, now: datetime) -> list[int]:
    """The last days, today among them, and as many before."""
    since = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    found = []
    for earlier in (timedelta(0), timedelta(days=DAYS)):
        span = {"mall": mall_id, "since": since - earlier, "until": now - earlier}
        found += [int(number) for (number,) in connection.execute(query, span)]
    return found


def _timeline(
    connection: psycopg.Connection[Any], mall_id: int, member: str, now: datetime
) -> Iterator[tuple[Any, ...]]:
    for at, store, fen, points in connection.execute(HAPPENED, {"mall": mall_id, "member": member}):
        local = at.astimezone(SHANGHAI)
        this_year = local.year == now.astimezone(SHANGHAI).year
        yield local.strftime("%m-%d %H:%M" if this_year else "%Y-%m-%d %H:%M"), store, fen, int(points or 0)


def read_pages(console: Console, pages: dict[str, Answers]) -> Answers:
    """The same of today's pages; the timelines are of the members whose pages were read already."""
    return {code: _read_shown(console, code, pages[code]) for code in MALLS}


def _read_shown(console: Console, mall: str, pages: Answers) -> Answers:
    home = console.ask(f"/console/{mall}?range=week").decode()
    grants = console.ask(f"/console/{mall}/campaigns/grants").decode()
    members = {path: found[1] for path in pages if (found := TIMELINE.search(path))}
    timelines = {member: console.read_pages(path + COLUMNS) for path, member in members.items()}
    return {
        "home": dict(_tiles(home)),
        "grants": dict(_grants(grants)),
        "timelines": {
            member: sorted((row for page in pages for row in _happened(page)), key=repr)
            for member, pages in timelines.items()
        },
    }


def _tiles(html: str) -> Iterator[tuple[str, list[int]]]:
    for label, present, before in _TILE.findall(html):
        if label in FIGURES:
            yield label, [_number(present), _number(before or present)]


def _grants(html: str) -> Iterator[tuple[str, list[list[Any]]]]:
    for trigger, form in _FORM.findall(html):
        rules = [[rule[1], "已暂停" not in rule[0]] for rule in _RULE.finditer(form)]
        if rules:
            yield trigger, rules


def _happened(page: list[list[str]]) -> Iterator[tuple[Any, ...]]:
    for row in page:
        if len(row) == 5 and re.match(r"[0-9-]+ [0-9:]{5}$", row[0]):
            at, _, store, paid, points = (None if cell in {"—", ""} else cell for cell in row)
            yield at, store, None if paid is None else _number(paid), 0 if points is None else _number(points)


def _number(text: str) -> int:
    """`优惠 ¥1,234.50` as 123450; `+1,200` as 1200."""
    digits = re.sub("[^0-9.]", "", text)
    value = Decimal(digits) * 100 if "¥" in text else Decimal(digits)
    return -int(value) if "-" in text else int(value)
