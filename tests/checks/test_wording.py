"""Words for people stand in wording modules, and nobody below the edges reads them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u3001-\u301f\u4e00-\u9fff\uff01-\uff5e]")
# The kit of the edges, what writes files for people (rows stream from the database past Python), and messages to them.
PRESENTATION = ("app/web/", "app/settlement/exports/", "app/flows/claims/telling.py")
# Chinese that is data and no display of data, with the reason.
DATA = {
    "app/flows/history/files/artefacts.py": "what other programs and people write into cells for nothing",
    "app/flows/history/files/cells.py": "how dates are written, and what broken names look like",
    "app/flows/history/files/rows/footfall_rows.py": "how counters write hours",
    "app/flows/history/files/rows/total_rows.py": "how tills write how many receipts there were",
    "app/flows/consequences/actors.py": "the member's name as the actor of their own acts, kept like any actor's",
    "app/flows/points/exchanges.py": "the description of an order, kept with it and shown by WeChat Pay",
    "app/flows/opening.py": "a new mall's first entrance, which operations rename",
    "app/invitations/entrance.py": "a mall's entrance of invitations, which operations reword",
    "app/flows/parking.py": "the description of an order, kept with it and shown by WeChat Pay",
    "app/identity/consents.py": "the text that members agree to, kept with its version",
    "app/identity/profiles/households.py": "the text that members agree to, kept with its version",
    "app/identity/preferences.py": "reference data: what members can like",
    "app/kernel/spelling/phones.py": "what people write before a phone",
    "app/kernel/spelling/plates.py": "what plates are made of",
    "app/kernel/spelling/codes.py": "what a Chinese input method makes of a code",
    "app/outreach/consents/templates.py": "the platform's templates by their names there, and its way to write moments",
    "app/outreach/messages/coupon_reminders.py": "a text for the platform, kept with the message",
    "app/purchases/photos/proposing.py": "what tills print before a number or a sum",
    "app/tasks/newbie.py": "reference data: the first tasks, kept in a table",
    "app/tiers/ladders/ladders.py": "reference data: the first ladder, kept in a table",
    "app/workers/greeting_text.py": "a text for the platform",
    "app/flows/contacts/greetings.py": "a text for the platform",
    "app/workers/payments.py": "a text for the platform",
}


def sources() -> list[Path]:
    found = sorted((ROOT / "app").rglob("*.py"))
    assert len(found) > 200
    return found


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def docstrings(tree: ast.AST) -> set[ast.AST]:
    """What stands alone as an expression is a docstring, or a comment in its place."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def find_chinese(tree: ast.AST) -> Iterator[int]:
    """Lines with a text that holds Chinese."""
    left_out = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left_out:
            if CHINESE.search(node.value):
                yield node.lineno


def find_imports(tree: ast.AST) -> Iterator[str]:
    """Every module that may be imported, also by its name out of its package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_presentation(path: Path) -> bool:
    return path.name == "wording.py" or name(path).startswith(PRESENTATION)


def test_words_stand_in_wording_modules() -> None:
    found = {
        name(path)
        for path in sources()
        if not is_presentation(path) and any(find_chinese(ast.parse(path.read_text(encoding="utf-8"))))
    }

    assert found - DATA.keys() == set()


def test_no_exception_is_left_behind() -> None:
    kept = {path for path in DATA if (ROOT / path).exists()}

    assert {path for path in kept if any(find_chinese(ast.parse((ROOT / path).read_text(encoding="utf-8"))))} == kept


def test_only_edges_read_the_words() -> None:
    found = [
        f"{name(path)} → {module}"
        for path in sources()
        if not is_presentation(path)
        for module in find_imports(ast.parse(path.read_text(encoding="utf-8")))
        if module.rpartition(".")[2] == "wording"
    ]

    assert found == []


@pytest.mark.parametrize(
    "line", ['reason = f"消费：{store.name}"', 'raise Refused(text="不能使用")', 'x = "：".join(y)']
)
def test_chinese_is_found(line: str) -> None:
    assert list(find_chinese(ast.parse(line))) == [1]


def test_a_docstring_may_name_a_chinese_term() -> None:
    assert list(find_chinese(ast.parse('def leave():\n    """Leaving (注销)."""'))) == []


@pytest.mark.parametrize(
    "line",
    ["from app.points.ledger import wording", "import app.malls.wording", "from app.malls.wording import ERRORS"],
)
def test_an_import_of_words_is_found(line: str) -> None:
    assert any("wording" in module.split(".") for module in find_imports(ast.parse(line)))


FACES = (
    "app",
    "cli",
    "jobs",
    "mall_console",
    "member_api",
    "merchant_portal",
    "miniprogram/src",
    "open_api",
    "sandbox",
    "static/src",
)
DATE = re.compile(r"[}YmB]\s?[年月]|[0-9][年月]")
# Where dates are spelled for people, once for each language, and where others' spellings are read or written.
SPELL_DATES = {"app/kernel/wording.py", "miniprogram/src/rules/time.ts", "static/src/pickers/days.js"}
OTHERS_DATES = {
    "app/flows/history/files/cells.py": "dates in files, as people and programs write them",
    "app/outreach/consents/templates.py": "the platform's way to write moments",
    "sandbox/wechat/templates_registry.py": "the platform's way to write moments",
}
# Two words for one thing, and the one that is said. The headings of imports are what others write.
SAID_OTHERWISE = {"手机号码": "手机号", "店铺": "门店", "会员二维码": "会员码", "帐号": "账号", "登陆": "登录"}
READS_OTHERS = {"mall_console/imports/wording.py"}


def texts_of_faces() -> dict[str, str]:
    """Everything that may show words to people, by its path."""
    kinds = {".py", ".html", ".js", ".ts", ".vue"}
    files = [path for face in FACES for path in (ROOT / face).rglob("*") if path.suffix in kinds]
    assert len(files) > 500
    return {name(path): path.read_text(encoding="utf-8") for path in files}


def test_chinese_is_quoted_one_way_on_every_face() -> None:
    assert [path for path, text in texts_of_faces().items() if re.search("[\\u201c\\u201d]", text)] == []


def test_dates_are_spelled_in_one_place_of_each_language() -> None:
    found = {path for path, text in texts_of_faces().items() if DATE.search(text)}

    assert found == SPELL_DATES | OTHERS_DATES.keys()


@pytest.mark.parametrize(
    "written", ["{period:%Y 年 %-m 月}", "strftime('%Y年%m月')", "${year}年", "{{ year }} 年 {{ month }} 月", "7月12日"]
)
def test_a_date_of_its_own_spelling_is_found(written: str) -> None:
    assert DATE.search(written)


def test_one_thing_has_one_word() -> None:
    found = {
        f"{path}: {word} is {said}"
        for path, text in texts_of_faces().items()
        if path not in READS_OTHERS
        for word, said in SAID_OTHERWISE.items()
        if word in text
    }

    assert found == set()
