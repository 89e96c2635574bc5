"""Values of message fields by the prefix of the field's name."""

import pytest

from sandbox.wechat.templates_registry import is_valid


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thing1", "二十个字以内的一句话"),
        ("thing12", "x" * 20),
        ("number2", "1234.50"),
        ("letter3", "abcXYZ"),
        ("symbol1", "#!*"),
        ("character_string4", "A-2026/01"),
        ("time2", "2026年11月24日 22:00"),
        ("time2", "22:00"),
        ("time2", "2026-11-24 10:00~2026-11-24 22:00"),
        ("date3", "2026年11月24日"),
        ("date3", "2026-11-24~2026-11-30"),
        ("amount1", "¥20.00"),
        ("amount1", "20元"),
        ("phone_number1", "021-6888 1234"),
        ("car_number1", "沪A12345"),
        ("car_number1", "粤Z1234港"),
        ("name1", "林晓梅"),
        ("phrase1", "已到期"),
    ],
)
def test_values_the_platform_takes(field: str, value: str) -> None:
    assert is_valid(field, value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thing1", "x" * 21),
        ("thing1", "两行\n文字"),
        ("thing1", ""),
        ("number2", "12件"),
        ("letter3", "abc1"),
        ("symbol1", "a#"),
        ("character_string4", "编号1"),
        ("time2", "明天"),
        ("time2", "25:00"),
        ("date3", "2026/13"),
        ("amount1", "二十元"),
        ("phone_number1", "1" * 18),
        ("car_number1", "沪A12345678"),
        ("name1", "很" * 11),
        ("phrase1", "六个字的短语"),
        ("phrase1", "ok"),
        ("unheard1", "x"),
    ],
)
def test_values_the_platform_refuses(field: str, value: str) -> None:
    assert not is_valid(field, value)
