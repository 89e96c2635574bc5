"""What programs leave in cells in place of what was meant: words for nothing, numbers rewritten, guards of text.

A program that has no value writes a word for that; a spreadsheet turns a long number into 6.2282E+15 and an export
through a double into 123456.0; a guard (`'0001`, `="0001"`) keeps a spreadsheet from doing so.
"""

import codecs
import re

from app.kernel.spelling import marks

_NOTHING = frozenset(
    (
        "null|nul|\\n|nil|none|nan|na|n/a|n.a|#na|nat|inf|infinity|undefined|unknown|nothing|true|false|(blank)|"
        "no data|no value|not available|not applicable|object object|objectobject|&nbsp|<br>|<br/>|"
        "无|無|空|空值|空白|暂无|没有|未知|不详|未填|未填写|缺失|待定|待补|未登记|未提供|未命名|无名|无名氏|佚名|匿名|匿名用户|"
        "微信用户|无卡|无卡号|无会员|无会员卡|未办卡|未绑定|非会员|散客|零散客|普通顾客|游客"
    ).split("|")
)
# Dashes and dots of all kinds, hashes of a column that was too narrow, a currency with no amount.
_MARKS = re.compile(rf"[{marks.DASHES}{marks.DOTS}_/\\…*?#~+=|^!,;:、，。'\"`<>(){{}}\[\]【】《》¥$€£ ]+")
_ERRORS = re.compile(
    r"#(?:ref|value|name|num|null|div/0|n/a|spill|calc|getting_data|busy|blocked|connect|field|unknown|external|python)"
    r"[!?]?|err:[0-9]{3}|[-+]inf",
    re.IGNORECASE,
)
_ZEROS = re.compile(r"[-+]?0[0.,:/ -]*")
# What people and programs put around a word.
_AROUND = "()<>[]{}【】「」《》\"'`\u201c\u201d‘’.。;,!/-_* "
# Names that are also words for nothing, as people spell them in Latin letters: 楠, 娜, Nathan.
_NAMES = frozenset({"Nan", "Na", "Nat"})

# What tills and people enter where somebody has no card: each stands for anybody.
_STOPGAP_CARD = re.compile(
    "test|guest|cash|default|temp|walk-?in|visitor|anonymous|customer|member|vip|no-?card|missing|blank|x{2,}",
    re.IGNORECASE,
)
_STOPGAP = re.compile(r"1[3-9][0-9]0{8}|13800138000")
_REWRITTEN = re.compile(
    r"[0-9]+[.,][0-9]+E[+-]?[0-9]+|[0-9]+E\+[0-9]+|[0-9]+\.0*|[0-9]+,0+|[0-9]{1,3}(?:[,'][0-9]{3})+", re.IGNORECASE
)
_EXPONENT = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
# In which encoding a text was read, and in which it was: one that looks like ideographs, or like letters.
_LIKE_IDEOGRAPHS = (("gb18030", "utf-8"),)
_LIKE_LETTERS = (("cp1252", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gb2312"))
_FIRST_LIKE_IDEOGRAPHS = "\u2e80"
_IDEOGRAPHS = re.compile("[\u4e00-\u9fff·]{2,}")

_GUARDED = re.compile(r"""=?"([^"'`]+)"|['‘’`](=?[^'‘’`"=][^'‘’`"]*)""")
_GUARDS = ("'", "‘", "’", "`", "=", '"')


def is_nothing(text: str, *, zero: bool = True) -> bool:
    """Whether a cell says that there is no value; `zero`: whether 0 says so, too."""
    plain = marks.one_line(text)
    if _MARKS.fullmatch(plain) or _ERRORS.fullmatch(plain) or _says_nothing(plain.casefold()):
        return True
    return zero and _ZEROS.fullmatch(plain) is not None


def _says_nothing(plain: str) -> bool:
    """Whether it is such a word, in brackets or not, or one of them again and again."""
    word = plain.strip(_AROUND)
    return plain in _NOTHING or word in _NOTHING or (" " in word and all(part in _NOTHING for part in word.split()))


def is_no_name(text: str) -> bool:
    """Whether that is written where a person's name should be."""
    return text not in _NAMES and is_nothing(text)


def is_stopgap(phone: str) -> bool:
    """Whether clerks enter that phone for who has none: the first number of a network, or the best known."""
    return _STOPGAP.fullmatch(phone) is not None


def is_stopgap_card(card: str) -> bool:
    """Whether a card's number is a word that stands for anybody."""
    return _STOPGAP_CARD.fullmatch(card) is not None


def is_rewritten(text: str) -> bool:
    """Whether a program has rewritten a number that was to be kept as it stood."""
    return _REWRITTEN.fullmatch(text) is not None


def is_exponential(text: str) -> bool:
    """Whether a spreadsheet has shortened a number; other decimals may be what was meant."""
    return _EXPONENT.fullmatch(text) is not None


def is_misread(text: str) -> bool:
    """Whether a program has read the text in another encoding than it was in: 寮犱笁, å¼\xa0ä¸‰, ÕÅÈý.

    Read again in the right one nothing but ideographs come out, which is no chance: real names do not even decode.
    """
    if text.isascii():
        return False
    ways = _LIKE_IDEOGRAPHS if max(text) >= _FIRST_LIKE_IDEOGRAPHS else _LIKE_LETTERS
    return any(_IDEOGRAPHS.fullmatch(_read_again(text, wrong, right)) for wrong, right in ways)


def _read_again(text: str, wrong: str, right: str) -> str:
    """A question mark at the end stands for half a character that was lost."""
    whole = text.rstrip("?")
    try:
        written = whole.replace(" ", "\xa0").encode(wrong)
        return written.decode(right) if whole == text else codecs.getincrementaldecoder(right)().decode(written)
    except UnicodeError:
        return ""


def unguard(text: str) -> str:
    """The text without its guard; as it stands when it has none, or one that can be read in two ways."""
    found = _GUARDED.fullmatch(text)
    return (found.group(1) or found.group(2)).strip() if found else text


def is_guarded(text: str) -> bool:
    """Whether the text begins as a guarded one does."""
    return text.startswith(_GUARDS)
