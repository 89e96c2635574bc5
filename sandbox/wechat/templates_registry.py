"""Message templates with their fields, and the platform's rules for values by the field name's prefix."""

import json
import re
import sqlite3
from typing import Any

from sandbox.kit.errors import Refusal
from sandbox.kit.settings import Settings
from sandbox.kit.store import Store

# What the accounts in the sandbox have chosen from the platform's template library: key in the settings → account,
# title, fields with their labels. The prefix of a field name decides what it may hold.
LIBRARY: dict[str, tuple[str, str, dict[str, str]]] = {
    "activity": (
        "mini",
        "活动提醒",
        {"thing1": "活动名称", "time2": "活动时间", "thing3": "活动地点", "thing4": "温馨提示"},
    ),
    "benefit": ("mini", "权益到期提醒", {"thing1": "权益名称", "time2": "到期时间", "thing3": "温馨提示"}),
    "member_day": ("mini", "会员日提醒", {"thing1": "活动名称", "time2": "活动时间", "thing3": "温馨提示"}),
    "receipt": (
        "mini",
        "审核结果通知",
        {"thing1": "申请内容", "phrase2": "审核结果", "thing3": "备注", "time4": "审核时间"},
    ),
    "points": (
        "official",
        "积分变动通知",
        {"thing1": "会员名称", "number2": "变动积分", "number3": "可用积分", "time4": "变动时间"},
    ),
}

_DAY = r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}月\d{1,2}日)"
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_TIME = rf"({_DAY}\s*)?{_CLOCK}|{_DAY}"
_DATE = rf"{_DAY}(\s*{_CLOCK})?"
_CHINESE = r"\u3400-\u9fff"
# A range is two of the same kind joined with ~.
RULES = {
    "thing": r".{1,20}",
    "number": r"(?=.{1,32}$)[+-]?\d+(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": rf"[^\w\s{_CHINESE}]{{1,5}}",
    "character_string": rf"[^{_CHINESE}\s]{{1,32}}",
    "time": rf"({_TIME})(\s*~\s*({_TIME}))?",
    "date": rf"({_DATE})(\s*~\s*({_DATE}))?",
    "amount": r"[¥￥$€£]?\d{1,10}(\.\d+)?元?",
    "phone_number": r"[\d+\-() ]{1,17}",
    "car_number": rf"(?=.{{1,8}}$)[A-Za-z0-9{_CHINESE}][A-Za-z0-9·]*[A-Za-z0-9{_CHINESE}]?",
    "phrase": rf"[{_CHINESE}]{{1,5}}",
}


def seed(store: Store, settings: Settings) -> None:
    """Register the templates whose ids the product was given; fields that somebody changed stay changed."""
    for key, template_id in settings.templates.items():
        if template_id:
            app, title, fields = LIBRARY[key]
            sql = "INSERT OR IGNORE INTO templates (id, app, title, fields_json) VALUES (?, ?, ?, ?)"
            store.write(sql, template_id, app, title, json.dumps(fields, ensure_ascii=False))


def find(store: Store, app: str, template_id: Any) -> sqlite3.Row | None:
    """A template of an account ("mini", "official")."""
    return store.one("SELECT * FROM templates WHERE id = ? AND app = ?", str(template_id), app)


def view(row: sqlite3.Row) -> dict[str, Any]:
    """A template as JSON."""
    return {"id": row["id"], "app": row["app"], "title": row["title"], "fields": json.loads(row["fields_json"])}


def is_valid(field: str, value: str) -> bool:
    """Whether a value fits its field's prefix."""
    prefix = re.sub(r"\d+$", "", field)
    if prefix == "name":
        return 1 <= len(value) <= (10 if re.search(f"[{_CHINESE}]", value) else 20) and "\n" not in value
    rule = RULES.get(prefix)
    return rule is not None and re.fullmatch(rule, value) is not None


def filled(template: sqlite3.Row, data: Any) -> list[dict[str, str]]:
    """The message's lines, `{"label", "value"}` in the template's order. Raises Refusal 47003 naming the field."""
    if not isinstance(data, dict):
        raise Refusal(47003, "argument invalid! data should be an object")
    lines = []
    for field, label in json.loads(template["fields_json"]).items():
        entry = data.get(field)
        value = entry.get("value") if isinstance(entry, dict) else None
        text = str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
        if not text:
            raise Refusal(47003, f"argument invalid! data.{field}.value is empty")
        if not is_valid(field, text):
            raise Refusal(47003, f"argument invalid! data.{field}.value invalid")
        lines.append({"label": label, "value": text})
    return lines
