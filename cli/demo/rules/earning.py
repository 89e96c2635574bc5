"""What spending earns in the demo mall: plain data."""

from app.points.earning.acts import ActKind, ActRule, Step
from app.points.earning.extras import BirthdayExtra, FirstOrderExtra, MemberDayExtra, TierExtra
from app.points.earning.rules import Rules

RULES = {
    "YH": Rules(
        category_rates_bps={"digital": 5_000},
        extras=(
            TierExtra(bps=1_000, tier="gold", title="金卡"),
            TierExtra(bps=2_000, tier="platinum", title="铂金卡"),
            TierExtra(bps=5_000, tier="diamond", title="钻石卡"),
            BirthdayExtra(bps=10_000),
            FirstOrderExtra(bps=10_000),
            MemberDayExtra(bps=10_000, weekdays=(2,)),
        ),
        acts=(ActRule(kind=ActKind.INVITATION, points=50, a_day=5, steps=(Step(3, 100),)),),
    )
}
