"""Comparing what was answered before and after an upgrade by the values in it; words that only label them may change.

A value is a sum, a count, a time, a code, a state, or the name of something in the deployment. Every row must still
carry all of its values in their order; it may have got more, for instance by a new column.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

# Words that say how something stands. Labels around them are nobody's business here.
STATES = (
    "在职 已停用 已注销 营业中 已暂停 现行 待生效 使用中 未使用 已核销 已撤销 撤销核销 已过期 付款中 已缴清 等待支付 "
    "在场 已放弃 免费 首单 待商户确认 商户有异议 已结清 等待发送 发送中 已送达平台 未发送 平台拒收 结果不明 静默时段 "
    "没有接收渠道 无手机号 近期已达上限 平台繁忙 平台无订阅记录 未发出退回"
).split()
_VALUES = (
    "-?¥[0-9,.]+",  # sums
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}|[0-9]{2}:[0-9]{2}",
    r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?(?![A-Za-z0-9*…-])",  # counts
    r"[A-Za-z0-9*…][A-Za-z0-9*…._:-]*",  # codes
)
# Which way a sum goes is said by words today, and was by its sign.
_TO_THE_MALL = re.compile("¥([0-9,.]+) 应收商户")
# A year before a moment of the current one is said or not.
_YEAR = re.compile("20[0-9]{2}-(?=[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2})")
# Months were spelled with two digits and without blanks.
_MONTH = re.compile("(20[0-9]{2}) ?年 ?0?([0-9]{1,2}) ?月")


class Comparison:
    """Finds values in texts, and where answers lost some. `names`: what things are called in the deployment."""

    def __init__(self, names: Iterable[str]) -> None:
        words = sorted({*names, *STATES}, key=len, reverse=True)
        self._value = re.compile("|".join([*map(re.escape, words), *_VALUES]))

    def differences(self, before: Any, after: Any, path: str = "") -> Iterator[str]:
        """Where the answers differ; things that are only said after are no difference."""
        match before, after:
            case (str(), str()):
                yield from self._lost(before, after, path)
            case (dict(), dict()):
                yield from self._in_dicts(before, after, path)
            case (list(), list()) if _is_row(before) and _is_row(after):
                yield from self._lost(" | ".join(before), " | ".join(after), path)
            case (list(), list()):
                yield from self._in_lists(before, after, path)
            case _ if before != after:
                yield f"{path}: {before!r} → {after!r}"

    def _in_dicts(self, before: dict[str, Any], after: dict[str, Any], path: str) -> Iterator[str]:
        for name, value in before.items():
            if name in after:
                yield from self.differences(value, after[name], f"{path}/{name}")
            else:
                yield f"{path}/{name}: {value!r} → nothing"

    def _in_lists(self, before: list[Any], after: list[Any], path: str) -> Iterator[str]:
        for number, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from self.differences(one, other, f"{path}/{number}")
        if len(before) != len(after):
            yield f"{path}: {len(before)} rows → {len(after)}"

    def _lost(self, before: str, after: str, path: str) -> Iterator[str]:
        if before == after:
            return
        rest = iter(self.values_of(after))
        lost = [value for value in self.values_of(before) if value not in rest]
        if lost:
            yield f"{path}: {', '.join(lost)} of {before!r} not in {after!r}"

    def values_of(self, text: str) -> list[str]:
        """The values of a text in their order, each in one spelling."""
        text = _MONTH.sub(r"\1 年 \2 月", _YEAR.sub("", _TO_THE_MALL.sub(r"-¥\1", text)))
        return [found.replace(",", "").removeprefix("+") for found in self._value.findall(text)]


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(cell, str) for cell in value)
