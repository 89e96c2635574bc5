"""Words for what points are worth; edges alone use them."""

from app.kernel import money
from app.kernel.wording import day_text
from app.points.worth import rules
from app.points.worth.models import PointsFactor

ERRORS = {
    "points_factor_too_early": "抵用比例最早从明天起生效",
    "points_factor_out_of_range": "抵用比例超出了允许的范围",
    "points_factor_conflict": "这一天已有另一个抵用比例，请换一天或先撤回",
    "points_factor_in_force": "该比例已经生效或已被撤回",
}

ACTIONS = {
    "points_factor.publish": "发布积分抵用比例",
    "points_factor.withdraw": "撤回积分抵用比例",
}

SUBJECTS = {
    "points_factor.": "积分抵用比例",
}

NOUNS = {
    "points_factor": "抵用比例",
}

FACTS = {
    "factor_bps": "抵用比例",
}


def say(factor_bps: int, *, coming: PointsFactor | None) -> list[str]:
    """What points buy in plain sentences, as members read them; with the change that is to come."""
    lines = [f"{rate_line(factor_bps)}，停车缴费和门店付款都能用；每次付款合计折算，四舍五入到分。"]
    if coming is not None:
        lines.append(f"自 {day_text(coming.effective_from)}起，{rate_line(coming.factor_bps)}。")
    return lines


def rate_line(factor_bps: int) -> str:
    """`100 积分抵 ¥1.00`."""
    return f"100 积分抵 ¥{money.yuan_text(rules.worth_fen(100, factor_bps))}"
