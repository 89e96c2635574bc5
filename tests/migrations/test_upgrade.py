"""A deployment of an older release (README.md says which) is upgraded, and everybody sees what they saw before."""

import base64
import json
import lzma
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.kernel import clock
from app.kernel.db import db
from app.kernel.settings import Settings
from tests.migrations.answers import gather
from tests.support import run
from wsgi import create_app

pytestmark = pytest.mark.no_database

# Words of pages that say the same otherwise, or elsewhere, since then; they are left out on both sides.
LABELS = re.compile(
    "日期|比默认宽松|撤回 [0-9-]{10} 起的这一版？|撤回后(?:如同没有设置过|视为未设置)。?|取消|确认撤回|撤回"
    "|更换「[^」]*」的密钥？.*?只显示一次。|停用「[^」]*」？.*?可随时恢复。|确认更换密钥|确认停用"
    "|标记|备注|状态|详情|—|20[0-9]{2}-(?=[0-9]{2}-[0-9]{2} [0-9]{2}:)"
)
TIMELINE = re.compile(r"/members/[0-9a-f]{32}$")
# Lists that are sorted otherwise since then: what counts are their rows.
RESORTED = ("/parking", "/purchases/inbox")

# What says the same in other words since then: sums of statements say which way they go instead of bearing a sign.
REWORDED = (
    # Boxes to tick before a row are named after it.
    (re.compile(r"^选择(.+) \1$"), r"\1"),
    # Campaigns whose days are over say so.
    (re.compile("^已结束$"), "发放中"),
    (re.compile(r"\+?([0-9,]+) 分 每百积分 (¥[0-9.]+)"), r"\1 积分 单价 \2/百积分"),
    (re.compile("明细金额为正：商场应付商户；为负："), "金额为正：商场应付商户；金额为负："),
    (re.compile(" ?上月(?:无结算单| (?:应付商户|应收商户|无需收付) [0-9,.]+ 元)"), ""),
    (re.compile(r"\+([0-9,]+ 积分)"), r"\1"),
    (re.compile("¥([0-9,.]+) 应收商户"), r"-¥\1"),
    (re.compile("(¥[0-9,.]+) (?:应付商户|无需收付)"), r"\1"),
    (re.compile("账本首个未关账日|首个未关账日"), "最早未关账日"),
    (re.compile("发放每百积分|积分发放单价（元/百积分）|发放积分单价"), "积分发放单价"),
    (re.compile("抵现每百积分|积分抵扣单价（元/百积分）|积分抵现单价"), "积分抵扣单价"),
    (re.compile(r"每百积分\(元\)"), "积分单价(元/百积分)"),
    (re.compile("（仅列示，不结算）"), ""),
    (re.compile("已确认待付款|待付款|待收款"), "待结清"),
    # Coupons name their stores, and the most that a discount takes off.
    (re.compile("，最高减 [0-9.]+ 元$"), ""),
    (
        re.compile("^(?:限指定门店使用|本商场全部门店可用|全部门店可用|[^ ]+(?: 等? ?[0-9]+ 家门店)?可用)$"),
        "在门店可用",
    ),
    (re.compile("[；，]"), " "),
    (re.compile("为什么？"), "查看原因"),
    (re.compile("^谁$"), "操作人"),
    (re.compile("^(?:做了什么|操作)$"), ""),
    (re.compile("^换密钥"), "更换密钥"),
)

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
    run.migrate(deployment, "upgrade")
    application = create_app(Settings.from_environment({**run.environment(deployment), **KEYS}))
    with clock.freeze(datetime.fromisoformat(before["asked_at"])):
        after = gather(application.test_client, deployment, before["tokens"])
    with application.app_context():
        db.engine.dispose()
    for malls in (before["answers"]["console"], after["console"]):
        for pages in malls.values():
            # The timeline says store, sum and points today, so that its rows cannot be compared as words.
            for path in [path for path in pages if TIMELINE.search(path)]:
                pages.pop(path)
            # One had no tables to compare those of today with; the other lists what is given first, and first given.
            for path in ("overview", "/campaigns/grants"):
                pages.pop(path)
    sort_lists(before["answers"]["console"])
    sort_lists(after["console"])
    assert list(differences(before["answers"], after)) == []


def sort_lists(malls: dict[str, dict[str, Any]]) -> None:
    """Puts the rows of all pages of such lists into one order."""
    for pages in malls.values():
        for path in RESORTED:
            pages[path] = sorted(row for page in pages[path] for row in page)


def test_a_difference_is_found_wherever_it_is() -> None:
    before = {"points": [{"title": "消费", "points": 3}, {"title": "停车", "points": -1}], "card": {"tier": "gold"}}
    after = {"points": [{"title": "消费", "points": 4}], "card": {}, "new": 1}
    assert list(differences(before, after)) == [
        "/points/0/points: 3 → 4",
        "/points: 2 rows → 1",
        "/card/tier: 'gold' → nothing",
    ]


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Where the answers differ; things that are only said after are no difference."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name, value in before.items():
            if name in after:
                yield from differences(value, after[name], f"{path}/{name}")
            else:
                yield f"{path}/{name}: {value!r} → nothing"
    elif isinstance(before, list) and isinstance(after, list):
        for number, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from differences(one, other, f"{path}/{number}")
        # A row may have got more columns.
        if len(before) > len(after) or len(before) < len(after) and not all(isinstance(one, str) for one in after):
            yield f"{path}: {len(before)} rows → {len(after)}"
    elif _unlabelled(before) != _unlabelled(after):
        yield f"{path}: {before!r} → {after!r}"


def _unlabelled(value: Any) -> Any:
    """The text without the words that only label it, and in today's words."""
    if not isinstance(value, str):
        return value
    for pattern, now in REWORDED:
        value = pattern.sub(now, value)
    return " ".join(LABELS.sub("", value).split())
