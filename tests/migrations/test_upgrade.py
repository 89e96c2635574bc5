"""A deployment of an older release (README.md says which) is upgraded, and everybody sees what they saw before."""

import base64
import json
import lzma
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.kernel import clock
from app.kernel.db import db
from app.kernel.settings import Settings
from mall_console.kit.shares import FEW
from tests.migrations import values
from tests.migrations.answers import ADMINISTRATOR, Console, gather
from tests.migrations.comparing import Comparison
from tests.support import run
from wsgi import create_app

pytestmark = [pytest.mark.no_database, pytest.mark.own_stack]

# Lists that are sorted otherwise since then: what counts are their rows.
RESORTED = ("/parking", "/purchases/inbox", "/stores/merchants")
# Codes that the audit log showed as they are, and the words that it has for them now.
SPELLED_OUT = {"floor": "楼层", "active": "营业中", "category_code": "业态", "dining": "餐饮"}
# What receipts' sources were shown as, and the words for them now.
SOURCES = {"pos": "收银系统", "import": "数据导入"}
# Pages that say other things than they did: their values are compared with what the tables held.
REMADE = ("overview", "/campaigns/grants")
# What members' pages have since then, by its first words.
NEW_FACTS = ("完整度", "顾问", "最近消费", "可用积分")

HERE = Path(__file__).parent
RELEASE = "0024_mall_codes"


def _key(text: bytes) -> str:
    return base64.b64encode(text).decode()


# What the deployment was sealed and signed with.
KEYS = {
    "HUITOU_SECRET_KEY": "upgrade-test-secret-key-00000001",
    "HUITOU_DATA_KEYS": "1:" + _key(b"upgrade-test-data-key-0000000001"),
    "HUITOU_INDEX_KEY": _key(b"upgrade-test-index-key-000000001"),
    "HUITOU_CODE_SIGNING_KEY": _key(b"upgrade-test-code-sign-key-00001"),
    "HUITOU_MEMORY_KEY": _key(b"upgrade-test-memory-key-00000001"),
}


@pytest.fixture
def deployment(worker_id: str) -> Iterator[str]:
    """The older release's database, as it was left."""
    server = run.server()
    name = f"upgrade_{worker_id}"
    url = server.create(name)
    command = [str(Path(server.programs) / "psql"), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", url]
    with lzma.open(HERE / "release.sql.xz") as dump:
        subprocess.run(command, input=dump.read(), stdout=subprocess.DEVNULL, check=True)
    yield url
    server.drop(name)


def test_the_deployment_used_every_table(deployment: str) -> None:
    with psycopg.connect(deployment) as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        empty = [
            name
            for name in names
            if connection.execute(f'SELECT NOT EXISTS (SELECT FROM "{name}")').fetchone() == (True,)
        ]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (RELEASE,)
    assert len(names) > 70
    assert empty == []


def test_after_the_upgrade_everybody_sees_what_they_saw_before(deployment: str) -> None:
    with lzma.open(HERE / "release.json.xz", "rt", encoding="utf-8") as file:
        before = json.load(file)
    now, malls = datetime.fromisoformat(before["asked_at"]), before["answers"]["console"]
    comparison = Comparison(values.read_names(deployment))
    held = values.read_tables(deployment, malls, now)
    run.migrate(deployment, "upgrade")
    application = create_app(Settings.from_environment({**run.environment(deployment), **KEYS}))
    with clock.freeze(now):
        after = gather(application.test_client, deployment, before["tokens"])
        staff = Console(application.test_client(), "/console", ADMINISTRATOR)
        shown = values.read_pages(staff, after["console"])
    with application.app_context():
        db.engine.dispose()
    assert shown == held
    for pages in malls.values():
        for path in [path for path in pages if path in REMADE or values.TIMELINE.search(path)]:
            pages.pop(path)
    say_as_today(malls)
    put_phones_among_identities(malls)
    leave_out_new_facts(after["console"])
    sort_lists(malls)
    sort_lists(after["console"])
    assert list(comparison.differences(before["answers"], after)) == []


def say_as_today(malls: dict[str, dict[str, Any]]) -> None:
    """What was said otherwise and means the same: codes of the audit log, and a coupon's end, the midnight after it."""
    for pages in malls.values():
        for rows in pages["/audit"]:
            rows[:] = [[spell_out(cell) for cell in row] for row in rows]
        for rows in pages["/entrances"]:
            rows[:] = [[round_once(cell) for cell in row] for row in rows]
        for path in [path for path in pages if "/purchases" in path]:
            for rows in pages[path]:
                rows[:] = [[SOURCES.get(cell, cell) for cell in row] for row in rows]
        for path in [path for path in pages if path.endswith("?tab=coupons")]:
            for rows in pages[path]:
                rows[:] = [[last_day(cell) for cell in row] for row in rows]


def put_phones_among_identities(malls: dict[str, dict[str, Any]]) -> None:
    """The phone by itself is what stands among all that the member is known by."""
    for pages in malls.values():
        for path in [path for path in pages if "/members/" in path]:
            for rows in pages[path]:
                rows[:] = [row for row in rows if row[0] != "手机号" or len(row) > 2 or "绑定" in row[1]]


def leave_out_new_facts(malls: dict[str, dict[str, Any]]) -> None:
    """Takes off members' pages what they had nothing of."""
    for pages in malls.values():
        for path in [path for path in pages if "/members/" in path]:
            for rows in pages[path]:
                rows[:] = [row for row in rows if row[0] not in NEW_FACTS]


def spell_out(cell: str) -> str:
    return " ".join(SPELLED_OUT.get(word, word) for word in cell.split(" "))


def round_once(cell: str) -> str:
    """`65 入会 17 · 26.1%` as 26.2%: rates were rounded to basis points first, and told of a handful."""
    found = re.fullmatch(r"((\d+) 入会 (\d+)) · [0-9.]+%", cell)
    if found is None:
        return cell
    scans, joins = int(found[2]), int(found[3])
    return f"{found[1]} · {joins / scans:.1%}" if scans >= FEW else found[1]


def last_day(cell: str) -> str:
    """`2026-12-05 00:00` as 2026-12-04; everything else as it is."""
    if re.fullmatch(r"[0-9-]{10} 00:00", cell) is None:
        return cell
    return (datetime.fromisoformat(cell).date() - timedelta(days=1)).isoformat()


def sort_lists(malls: dict[str, dict[str, Any]]) -> None:
    """Puts the rows of all pages of such lists into one order."""
    for pages in malls.values():
        for path in RESORTED:
            pages[path] = sorted(row for page in pages[path] for row in page)


def test_a_difference_is_found_wherever_it_is() -> None:
    before = {"points": [{"title": "消费", "points": 3}, {"title": "停车", "points": -1}], "card": {"tier": "gold"}}
    after = {"points": [{"title": "消费", "points": 4}], "card": {}, "new": 1}
    assert list(Comparison([]).differences(before, after)) == [
        "/points/0/points: 3 → 4",
        "/points: 2 rows → 1",
        "/card/tier: 'gold' → nothing",
    ]


@pytest.mark.parametrize(
    ("after", "lost"),
    [
        (["银卡会员", "10-05 09:30", "沸腾火锅", "¥1,200.50 应收商户", "404 积分", "现行", "已核销"], []),
        (["2026-10-05 09:31", "沸腾火锅", "-¥1,200.50", "404", "已核销"], ["10-05 09:30"]),
        (["2026-10-05 09:30", "晨光咖啡", "-¥1,200.50", "404", "已核销"], ["沸腾火锅"]),
        (["2026-10-05 09:30", "沸腾火锅", "¥1,200.50", "404", "已核销"], ["-¥1200.50"]),
        (["2026-10-05 09:30", "沸腾火锅", "-¥1,200.50", "40", "已核销"], ["404"]),
        (["2026-10-05 09:30", "沸腾火锅", "-¥1,200.50", "404", "已撤销"], ["已核销"]),
    ],
)
def test_a_row_may_get_words_and_columns_and_lose_no_value(after: list[str], lost: list[str]) -> None:
    before = ["2026-10-05 09:30", "沸腾火锅", "-¥1,200.50", "+404 分", "已核销"]
    found = list(Comparison(["沸腾火锅"]).differences(before, after, "row"))
    assert [words.partition(" of ")[0].removeprefix("row: ").split(", ")[0] for words in found] == lost
