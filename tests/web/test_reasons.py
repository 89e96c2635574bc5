"""Every reason has words, and they are the words that rows bore before reasons were codes."""

import ast
import string
from pathlib import Path

import pytest

from app.web import reasons

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.no_database


def given_reasons() -> dict[str, set[str]]:
    """The codes that the business gives, each with the names of its facts."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                facts = [key for fact in node.args[1:] if isinstance(fact, ast.Dict) for key in fact.keys if key]
                found[ast.literal_eval(node.args[0])] = {ast.literal_eval(key) for key in facts}
    return found


def test_every_reason_has_words_for_its_facts() -> None:
    fields = {
        code: {name for _, name, _, _ in string.Formatter().parse(words) if name}
        for code, words in reasons.REASONS.items()
    }
    assert given_reasons() == fields


@pytest.mark.parametrize(
    ("code", "facts", "words"),
    [
        ("purchase", {"store": "沸腾火锅"}, "消费：沸腾火锅"),
        ("refund", {"store": "{沸腾}"}, "退款：{沸腾}"),
        ("refund_elsewhere", {"store": "拾光", "bought_at": "晨光"}, "退款门店：拾光（原消费：晨光）"),
        ("task", {"task": "说说您的喜好"}, "完成任务：说说您的喜好"),
        ("parking", {"car_park": "B1 停车场"}, "停车抵扣：B1 停车场"),
        ("parking_back", {}, "停车抵扣退回"),
        ("join", {}, "加入会员"),
        ("leaving", {}, "注销会员"),
        ("expiry", {}, "积分到期"),
        ("merge", {}, "合并会员"),
        ("note", {"text": "补记"}, "补记"),
    ],
)
def test_the_words_of_a_reason(code: str, facts: dict[str, str], words: str) -> None:
    assert reasons.words_of(code, facts) == words


def test_a_reason_without_words_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        reasons.words_of("nobody-words-this", {})
