"""The kinds of fields. They are strict: digits are ASCII, numbers and texts have a range, days lie in this century."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from app.kernel.spelling import marks, names
from app.web.forms import written
from app.web.forms.forms import Field, Form, Single

T = TypeVar("T")

TODAY, TOMORROW = 0, 1
_EARLIEST = {TODAY: "不能早于今天", TOMORROW: "最早从明天开始"}
# Commas stand between thousands or nowhere: `12,5` may be 12.5 or 125, `0,500` a half or 500.
_DECIMAL = re.compile(r"(?:[0-9]{1,20}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2})(?:\.[0-9]{1,2})?")
_IDENTIFIER = "[A-Za-z0-9][A-Za-z0-9._\\-]*"
_WHOLE = re.compile(r"[0-9]{1,9}")


class Raw(Single[str]):
    """A text as it was typed, for rules further down to judge; refused when it is longer than `most`, never cut."""

    def __init__(self, label: str, *, most: int, **shown: Any) -> None:
        super().__init__(label, **shown)
        self.most = most

    def own_attributes(self) -> dict[str, str | int]:
        return {"maxlength": self.most}

    def read(self, text: str) -> str:
        if len(text) > self.most:
            raise self.refuse(f"最多 {self.most} 个字")
        return text


class Password(Raw):
    """A password, for the rules of passwords to judge; kept out of what is remembered of the form."""

    input_type = "password"
    secret = True

    def __init__(self, label: str, *, most: int = 200, **shown: Any) -> None:
        super().__init__(label, most=most, **shown)

    def own_attributes(self) -> dict[str, str | int]:
        return {"maxlength": 128}


class ShownPassword(Password):
    """A password to hand over, which the form shows."""

    input_type = "text"
    mono = True

    def own_attributes(self) -> dict[str, str | int]:
        return {"maxlength": 128, "minlength": 8, "autocomplete": "off"}


class Text(Single[str]):
    """Free words of `least` to `most` characters on one line, spelled as `names.spell_text` does."""

    def __init__(self, label: str, *, most: int, least: int = 1, **shown: Any) -> None:
        super().__init__(label, **shown)
        self.least, self.most = least, most

    def own_attributes(self) -> dict[str, str | int]:
        return {"maxlength": self.most, **({"minlength": self.least} if self.least > 1 else {})}

    def read(self, text: str) -> str:
        value = self.spell(text)
        if not self.least <= len(value) <= self.most:
            raise self.refuse(f"请填写 {self.least} 至 {self.most} 个字")
        return value

    def spell(self, text: str) -> str:
        """What was typed as it is kept."""
        return names.spell_text(text)


class Lines(Text):
    """Free words that may stand on several lines."""

    def spell(self, text: str) -> str:
        """What was typed as it is kept."""
        return names.spell_lines(text)


class Phone(Text):
    """A phone number as people type it, for the rules of phones to judge."""

    input_type = "tel"

    def __init__(self, label: str = "手机号", **shown: Any) -> None:
        super().__init__(label, most=32, **shown)

    def own_attributes(self) -> dict[str, str | int]:
        return {"maxlength": self.most, "inputmode": "tel"}


class Address(Text):
    """A web address, for the rules of addresses to judge."""

    input_type = "url"
    mono = True

    def own_attributes(self) -> dict[str, str | int]:
        return {**super().own_attributes(), "autocomplete": "off", "spellcheck": "false"}


class Identifier(Text):
    """A code that machines exchange: letters, digits, `.`, `_`, `-`, the first no sign."""

    mono = True

    def own_attributes(self) -> dict[str, str | int]:
        return {**super().own_attributes(), "pattern": _IDENTIFIER, "autocomplete": "off"}

    def spell(self, text: str) -> str:
        """As it was typed: what nobody sees in a code is refused, not dropped."""
        return text.strip()

    def read(self, text: str) -> str:
        value = super().read(text)
        if not re.fullmatch(_IDENTIFIER, value):
            raise self.refuse("只能用字母、数字和 . _ -，以字母或数字开头")
        return value


class Choice(Single[str]):
    """One of the options, which are words by value."""

    def __init__(self, label: str, options: Mapping[str, Any], **shown: Any) -> None:
        super().__init__(label, **shown)
        self.options = options

    def read(self, text: str) -> str:
        if text not in self.options:
            raise self.refuse("请选择一项")
        return text


class Several(Field[list[str]]):
    """What was ticked, each once, in the form's order; whether it can be chosen is for the view to judge."""

    required = False

    def take(self, sent: MultiDict[str, str], form: Form) -> list[str]:
        return list(dict.fromkeys(sent.getlist(self.name)))


def _number(text: str, unit: str) -> str:
    """What somebody has typed without its unit, in the usual width: Chinese input methods make ５ and ￥ of 5 and ¥."""
    return marks.one_line(text).removeprefix("¥").removesuffix(unit).strip()


class Whole(Single[int]):
    """A whole number from `least` to `most`."""

    def __init__(self, label: str, *, least: int = 0, most: int = 999_999_999, **shown: Any) -> None:
        super().__init__(label, **shown)
        self.least, self.most = least, most

    def own_attributes(self) -> dict[str, str | int]:
        return {"inputmode": "numeric"}

    def read(self, text: str) -> int:
        value = _number(text, self.unit)
        if not _WHOLE.fullmatch(value) or not self.least <= int(value) <= self.most:
            raise self.refuse(f"请填写 {self.least} 至 {self.most} 之间的整数")
        return int(value)


class Hundredths(Single[int]):
    """A number with up to two decimals, in hundredths: yuan as fen, percent as bps."""

    def __init__(self, label: str, *, least: int = 0, most: int, **shown: Any) -> None:
        super().__init__(label, **shown)
        self.least, self.most = least, most

    def own_attributes(self) -> dict[str, str | int]:
        return {"inputmode": "decimal"}

    def read(self, text: str) -> int:
        value = _number(text, self.unit).replace("。", ".")
        digits = value.lstrip("-−")  # what is below nothing is a number, too: it is too small
        if not _DECIMAL.fullmatch(digits):
            raise self.refuse("请填写数字，最多两位小数")
        number = int(Decimal(digits.replace(",", "")) * 100)
        if digits != value or not self.least <= number <= self.most:
            least, most = written.decimal_text(self.least), written.decimal_text(self.most)
            raise self.refuse(f"请填写 {least} 至 {most} 之间的数")
        return number


class MinuteOfDay(Single[int]):
    """A time of the day as `HH:MM`, in minutes since midnight."""

    input_type = "time"

    def read(self, text: str) -> int:
        minute = written.minute_of_day(text)
        if minute is None:
            raise self.refuse("请填写时间，例如 21:00")
        return minute


class Day(Single[date]):
    """A day as `YYYY-MM-DD`, any or from TODAY or TOMORROW on."""

    input_type = "date"

    def __init__(self, label: str, *, earliest: int | None = None, **shown: Any) -> None:
        super().__init__(label, **shown)
        self.earliest = earliest

    def own_attributes(self) -> dict[str, str | int]:
        return {} if self.earliest is None else {"min": written.in_days(self.earliest).isoformat()}

    def read(self, text: str) -> date:
        day = written.find_day(text)
        if day is None:
            raise self.refuse("请选择日期")
        if self.earliest is not None and day < written.in_days(self.earliest):
            raise self.refuse(_EARLIEST[self.earliest])
        return day


class Month(Single[date]):
    """A month as `YYYY-MM` that a page carries along; its first day."""

    def __init__(self, label: str, *, problem: str) -> None:
        super().__init__(label)
        self.problem = problem

    def read(self, text: str) -> date:
        month = written.find_month(text)
        if month is None:
            raise self.refuse(self.problem)
        return month


class Maybe(Single[T | None]):
    """A field that may stay empty: None then."""

    required = False
    optional = True

    def __init__(self, inner: Single[T]) -> None:
        super().__init__(inner.label, unit=inner.unit, hint=inner.hint)
        self.input_type, self.inner = inner.input_type, inner

    def __set_name__(self, owner: type[Form], name: str) -> None:
        super().__set_name__(owner, name)
        self.inner.__set_name__(owner, name)

    @property
    def attributes(self) -> dict[str, str | int]:
        return self.inner.attributes

    def read(self, text: str) -> T | None:
        return self.inner.read(text) if text.strip() else None


class WhereAsked(Maybe[T]):
    """A field that only some acts of a page ask for, and those need: empty, it is the act that refuses."""

    optional = False


class If(Maybe[T]):
    """A field that counts only where a choice before it was answered so; elsewhere None, whatever was typed."""

    optional = False

    def __init__(self, choice: Choice, answer: str, inner: Single[T]) -> None:
        super().__init__(inner)
        self.choice, self.answer = choice, answer

    def take(self, sent: MultiDict[str, str], form: Form) -> T | None:
        asked = form.values.get(self.choice.name) == self.answer
        return self.inner.read(sent.get(self.name, "")) if asked else None
