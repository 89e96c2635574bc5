"""What programs leave in cells in place of what was meant: words for nothing, numbers rewritten, guards of text.

A program that has no value writes a word for that; a spreadsheet turns a long number into 6.2282E+15 and an export
through a double into 123456.0; a guard (`'0001`, `="0001"`) keeps a spreadsheet from doing so.
"""

import re

from app.kernel.spelling import marks

_NOTHING = frozenset(
    {
        "null",
        "(null)",
        "<null>",
        "[null]",
        "\\n",
        "nil",
        "none",
        "nan",
        "na",
        "n/a",
        "n.a.",
        "#n/a",
        "undefined",
        "unknown",
        "nothing",
        "无",
        "無",
        "空",
        "空值",
        "暂无",
        "没有",
        "未知",
        "不详",
        "未填",
        "未填写",
        "空白",
        "(空)",
        "(空白)",
        "(无)",
        "(blank)",
        "<na>",
        "<nil>",
        "<none>",
        "nat",
        "inf",
        "infinity",
        "true",
        "false",
        "缺失",
        "待定",
        "待补",
        "未登记",
        "未提供",
        "无卡",
        "无卡号",
        "非会员",
        "散客",
    }
)
# Dashes and dots of all kinds, hashes of a column that was too narrow, zeros.
_MARKS = re.compile(rf"[{marks.DASHES}{marks.DOTS}_/\\…*?#~+=|^!,;:、，。'\"`<>(){{}}\[\]【】《》]+")
_ERRORS = re.compile(
    r"#(?:ref|value|name|num|null|div/0|n/a|spill|calc|getting_data|busy|blocked|connect|field|unknown|external|python)"
    r"[!?]?|err:[0-9]{3}|[-+]inf",
    re.IGNORECASE,
)
_ZEROS = re.compile(r"[-+]?0[0.]*")
# Names that are also words for nothing, as people spell them in Latin letters: 楠, 娜, Nathan.
_NAMES = frozenset({"Nan", "Na", "Nat"})

_STOPGAP = re.compile(r"1[3-9][0-9]0{8}|13800138000")
_REWRITTEN = re.compile(
    r"[0-9]+[.,][0-9]+E[+-]?[0-9]+|[0-9]+E\+[0-9]+|[0-9]+\.0+|[0-9]{1,3}(?:,[0-9]{3})+", re.IGNORECASE
)
_EXPONENT = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_GUARDED = re.compile(r"""=?"([^"'`]+)"|['‘’`](=?[^'‘’`"=][^'‘’`"]*)""")
_GUARDS = ("'", "‘", "’", "`", "=", '"')


def is_nothing(text: str, *, zero: bool = True) -> bool:
    """Whether a cell says that there is no value; `zero`: whether 0 says so, too."""
    plain = marks.one_line(text)
    if plain.casefold() in _NOTHING or _MARKS.fullmatch(plain) or _ERRORS.fullmatch(plain):
        return True
    return zero and _ZEROS.fullmatch(plain) is not None


def is_no_name(text: str) -> bool:
    """Whether that is written where a person's name should be."""
    return text not in _NAMES and is_nothing(text)


def is_stopgap(phone: str) -> bool:
    """Whether clerks enter that phone for who has none: the first number of a network, or the best known."""
    return _STOPGAP.fullmatch(phone) is not None


def is_rewritten(text: str) -> bool:
    """Whether a program has rewritten a number that was to be kept as it stood."""
    return _REWRITTEN.fullmatch(text) is not None


def is_exponential(text: str) -> bool:
    """Whether a spreadsheet has shortened a number; other decimals may be what was meant."""
    return _EXPONENT.fullmatch(text) is not None


def unguard(text: str) -> str:
    """The text without its guard; as it stands when it has none, or one that can be read in two ways."""
    found = _GUARDED.fullmatch(text)
    return (found.group(1) or found.group(2)).strip() if found else text


def is_guarded(text: str) -> bool:
    """Whether the text begins as a guarded one does."""
    return text.startswith(_GUARDS)
