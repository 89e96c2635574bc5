"""The lines of a poster's headline."""

import pytest

from app.web.pages import share_poster


@pytest.mark.parametrize(
    ("words", "name", "lines"),
    [
        ("欢迎加入我们的悦汇城会员，领取入会礼", "悦汇城", ["欢迎加入我们的", "悦汇城会员", "领取入会礼"]),
        ("欢迎加入我们的悦汇城会员", "", ["欢迎加入我们的悦", "汇城会员"]),  # what would be without
        ("悦汇城购物中心城市客厅", "悦汇城购物中心城市客厅", ["悦汇城购物中心城", "市客厅"]),  # wider than a line
    ],
)
def test_no_line_ends_inside_the_malls_name(words: str, name: str, lines: list[str]) -> None:
    assert share_poster._lines(words, 54, 480, whole=name) == lines
