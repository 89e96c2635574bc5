"""Declared forms: what fields take and refuse, in which words, and what a browser is told of them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.kernel import clock
from app.web.forms import fields, forms, written
from app.web.forms.forms import FieldInvalid, Form, FormInvalid, Single
from tests.support.clock import START

pytestmark = pytest.mark.no_database

TODAY = clock.business_date(START)
WEB = Flask(__name__)


class Stay(Form):
    """A form with a bit of everything."""

    kind = fields.Choice("类型", {"short": "短", "long": "长"})
    nights = fields.If(kind, "long", fields.Whole("晚数", least=2, most=30))
    price = fields.Hundredths("价格", most=100_000, unit="元")
    note = fields.Maybe(fields.Text("备注", most=5))
    extra = fields.Several("附加")
    secret = fields.Password("密码")

    def check(self) -> None:
        if self.price == 1:
            raise Stay.price.refuse("不能是一分")


class LongStay(Stay):
    """The same with another price and one field more."""

    price = fields.Hundredths("长住价格", least=100, most=100_000)
    until = fields.Day("截止", earliest=fields.TOMORROW)


def fill(form: type[Form], **typed: Any) -> Any:
    with clock.freeze(START), WEB.test_request_context(method="POST", data=typed):
        return form.read()


def problem_of(act: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(FieldInvalid) as refused:
        act()
    return refused.value.facts["label"], refused.value.facts["problem"]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (fields.Whole("数", most=10), " 7 ", 7),
        (fields.Whole("数", most=10), "010", 10),
        (fields.Hundredths("钱", most=1_000_000), "1,234.5", 123_450),
        (fields.Hundredths("钱", most=1_000_000), "¥0.07", 7),
        (fields.Hundredths("钱", most=1_000_000, unit="元"), "￥１２．５ 元", 1_250),
        (fields.Hundredths("钱", most=1_000_000), "１２。５", 1_250),
        (fields.Whole("数", most=10, unit="分"), "７分", 7),
        (fields.Text("字", most=3), "  三个字 ", "三个字"),
        (fields.Text("字", most=9), "两\r\n行\x07\x1b", "两 行"),
        (fields.Lines("字", most=9), " 两 \r\n\r\n\r\n行\x07\n", "两\n\n行"),
        (fields.Maybe(fields.Text("字", most=9)), "", None),
        (fields.Raw("字", most=3), " 两 ", " 两 "),
        (fields.Identifier("号", most=9), "A-1.b_2", "A-1.b_2"),
        (fields.MinuteOfDay("时"), "21:05:00", 1265),
        (fields.Day("日"), "2026-02-28", date(2026, 2, 28)),
        (fields.Day("日"), "２０２６-０２-２８", date(2026, 2, 28)),
        (fields.Month("月", problem="重来"), "2026-12", date(2026, 12, 1)),
        (fields.Maybe(fields.Whole("数")), " ", None),
        (fields.Choice("选", {"a": "甲"}), "a", "a"),
    ],
)
def test_a_text_becomes_a_value(field: Single[Any], text: str, value: object) -> None:
    assert field.read(text) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *((fields.Whole("数", least=2, most=10), text) for text in ("", "1", "11", "+5", "-5", "1_0", "٣", "5.0")),
        *((fields.Whole("数"), text) for text in ("9" * 10, "9" * 5_000)),
        *(
            (fields.Hundredths("钱", least=1, most=500), text)
            for text in ("0", "5.01", "1.234", "NaN", "1e2", "Infinity")
        ),
        *((fields.Hundredths("钱", most=500), text) for text in ("", ".5", "-1", "1元", "1_0", "9" * 5_000)),
        *((fields.Text("字", most=3), text) for text in ("", "   ", "\x01\u200b", "四个字了")),
        (fields.Lines("字", most=3), "\r\n \r\n"),
        *((fields.Identifier("号", most=9, least=3), text) for text in ("ab", "-abc", "a b", "号号号", "a" * 10)),
        *((fields.MinuteOfDay("时"), text) for text in ("", "24:00", "9:00", "21:60", "21:00:30")),
        *((fields.Day("日"), text) for text in ("", "2026-02-29", "1999-12-31", "20260101", "soon")),
        *((fields.Month("月", problem="重来"), text) for text in ("", "2026-13", "9999-01", "2026-1")),
        *((fields.Choice("选", {"a": "甲"}), text) for text in ("", "b", "A")),
        (fields.Maybe(fields.Whole("数")), "x"),
    ],
)
def test_what_is_none_is_refused_by_the_field_s_label(field: Single[Any], text: str) -> None:
    label, problem = problem_of(lambda: field.read(text))
    assert label == field.label
    assert problem


@pytest.mark.parametrize(
    ("earliest", "refused", "taken", "problem"),
    [(fields.TODAY, -1, 0, "不能早于今天"), (fields.TOMORROW, 0, 1, "最早从明天开始")],
)
def test_a_day_can_have_a_first_one(earliest: int, refused: int, taken: int, problem: str) -> None:
    field = fields.Day("日", earliest=earliest)
    with clock.freeze(START):
        first = written.in_days(taken)
        assert field.read(first.isoformat()) == first
        assert field.attributes == {"min": first.isoformat()}
        assert problem_of(lambda: field.read(written.in_days(refused).isoformat())) == ("日", problem)


def test_a_form_gives_its_values_and_keeps_secrets_out_of_what_was_typed() -> None:
    form = fill(Stay, kind="long", nights="3", price="8.50", note="", extra=["b", "a", "b"], secret="hush-hush-1")
    assert (form.kind, form.nights, form.price, form.note) == ("long", 3, 850, None)
    assert (form.extra, form.secret) == (["b", "a"], "hush-hush-1")
    assert form.typed() == {"kind": "long", "nights": 3, "price": 850, "note": None, "extra": ["b", "a"]}


def test_a_field_that_is_not_asked_for_does_not_count() -> None:
    assert fill(Stay, kind="short", nights="many", price="8").nights is None
    assert problem_of(lambda: fill(Stay, kind="long", nights="", price="8")) == ("晚数", "请填写 2 至 30 之间的整数")


def test_everything_that_is_wrong_is_told_at_once_and_the_form_s_own_check_comes_last() -> None:
    with pytest.raises(FormInvalid) as refused:
        fill(Stay, kind="none", price="x", nights="many")
    assert refused.value.facts["labels"] == ["类型", "价格"]
    assert forms.problems_in(refused.value.facts) == {"kind": "请选择一项", "price": "请填写数字，最多两位小数"}
    assert problem_of(lambda: fill(Stay, kind="short", price="0.01", note="六个字太多了")) == (
        "备注",
        "请填写 1 至 5 个字",
    )
    assert problem_of(lambda: fill(Stay, kind="short", price="0.01")) == ("价格", "不能是一分")


def test_one_wrong_field_is_found_by_its_name_also_inside_one_that_may_stay_empty() -> None:
    with pytest.raises(FieldInvalid) as refused:
        fill(Stay, kind="long", price="8", nights="1", note="")
    assert forms.problems_in(refused.value.facts) == {"nights": "请填写 2 至 30 之间的整数"}
    assert forms.problems_in({"coupon": "x"}) == {}


def test_a_form_takes_over_fields_replaces_them_in_their_place_and_adds_its_own() -> None:
    assert [field.name for field in LongStay.fields] == [*(field.name for field in Stay.fields), "until"]
    assert LongStay.price.label == "长住价格"
    assert Stay.price.label == "价格"
    tomorrow = date.fromordinal(TODAY.toordinal() + 1)
    form = fill(LongStay, kind="short", price="1", until=tomorrow.isoformat())
    assert form.until == tomorrow
    assert form.typed()["until"] == tomorrow.isoformat()


def test_a_browser_is_told_what_the_server_will_say() -> None:
    assert fields.Text("字", most=40, least=3, placeholder="例如").attributes == {
        "maxlength": 40,
        "minlength": 3,
        "placeholder": "例如",
    }
    assert fields.Hundredths("钱", most=1).attributes == {"inputmode": "decimal"}
    optional = fields.Maybe(fields.Identifier("号", most=9, unit="个", hint="可不填"))
    assert (optional.required, optional.unit, optional.hint) == (False, "个", "可不填")
    assert optional.attributes["pattern"] == "[A-Za-z0-9][A-Za-z0-9._\\-]*"
    assert issubclass(Stay, forms.Form) and isinstance(Stay.kind, fields.Choice)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        *((text, "请填写 0.5 至 100 之间的数") for text in ("120", "-5", "−1.50", "-0", "12345678901.00")),
        *((text, "请填写数字，最多两位小数") for text in ("abc", "1.234", "12,5", "1,2345", "0,500", "-", "1e9")),
    ],
)
def test_an_amount_out_of_range_is_told_the_range(text: str, problem: str) -> None:
    field = fields.Hundredths("佣金", least=50, most=10_000)
    assert problem_of(lambda: field.read(text)) == ("佣金", problem)


def test_a_kind_of_field_that_cannot_read_fails_where_a_form_declares_it() -> None:
    half_a_field = type("HalfAField", (Single,), {})
    with pytest.raises(TypeError, match="abstract method read"):
        half_a_field("半个")
