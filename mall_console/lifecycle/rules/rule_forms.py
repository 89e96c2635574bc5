"""The forms of the rules: their numbers, and from which day on they hold."""

from dataclasses import fields as fields_of

from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.rule_sets import Rules
from app.web.forms import fields, forms
from mall_console.kit import versions
from mall_console.kit.numbers import Numbers

_MOST_DAYS = 3_650
_MOST_PURCHASES = 999
_MOST_FEN = 100_000_000


def _days(label: str, hint: str, *, least: int = 1) -> fields.Whole:
    return fields.Whole(label, least=least, most=_MOST_DAYS, unit="天", hint=hint)


def _purchases(label: str, hint: str) -> fields.Whole:
    return fields.Whole(label, least=2, most=_MOST_PURCHASES, unit="次", hint=hint)


class RulesForm(forms.Form):
    """Every number behind stages and activity."""

    warning_days = _days("流失预警", "这么多天没有消费；从未消费的，从入会算起")
    sleeping_days = _days("沉睡", "这么多天没有任何行为：没有到店、消费，也没有用小程序")
    lost_days = _days("流失", "这么多天没有任何行为")
    recent_days = _days("消费次数的统计天数", "活跃复购和高价值都数最近这么多天内的消费")
    repeat_purchases = _purchases("活跃复购", "统计天数内消费达到这么多次")
    high_purchases = _purchases("高价值（按次数）", "统计天数内消费达到这么多次")
    spend_days = _days("消费额的统计天数", "按最近这么多天的净消费额排名")
    high_spend_top_bps = fields.Hundredths(
        "高价值（按金额）", least=1, most=9_999, unit="%", hint="消费额排在最前的这一部分，且统计天数内有消费"
    )
    high_margin_fen = fields.Maybe(
        fields.Hundredths(
            "高价值（按毛利）",
            least=1,
            most=_MOST_FEN,
            unit="元",
            hint="消费额统计天数内，佣金减去商场承担的权益和消息成本达到这么多；不填则不按毛利判断",
        )
    )
    high_friends = fields.Maybe(
        fields.Whole(
            "高价值（按影响力）",
            least=1,
            most=1_000,
            unit="位",
            hint="消费额统计天数内，带来并已奖励的好友达到这么多；不填则不按影响力判断",
        )
    )
    active_days = _days("活跃", "距最近一次到店不超过这么多天", least=0)
    silent_days = _days("沉默", "这么多天没有到店；在两者之间的是降温")

    def rules(self) -> Rules:
        """The rules that were typed."""
        return Rules(**{field.name: self.values[field.name] for field in fields_of(Rules)})

    def check(self) -> None:
        wrong = [_MISFITS[reason]() for reason in rule_sets.list_wrong(self.rules()) if reason in _MISFITS]
        if wrong:
            raise forms.refusal(wrong)


# What does not fit together, said of the number that is to be changed.
_MISFITS = {
    "activity": lambda: RulesForm.silent_days.refuse("要比「活跃」的天数多"),
    "at_risk": lambda: RulesForm.lost_days.refuse("要比「沉睡」的天数多"),
    "windows": lambda: RulesForm.spend_days.refuse("不能比消费次数的统计天数少"),
    "purchases": lambda: RulesForm.high_purchases.refuse("要比「活跃复购」的次数多"),
}

# The form's parts, each with what it is about and its fields.
PARTS = (
    ("有流失风险", "先判断。三种状态中，流失和沉睡先于流失预警。", ("warning_days", "sleeping_days", "lost_days")),
    (
        "复购和高价值",
        "没有流失风险的会员，依次判断高价值、活跃复购；其余有消费的是已购会员，没有消费的是新会员。",
        (
            "recent_days",
            "repeat_purchases",
            "high_purchases",
            "spend_days",
            "high_spend_top_bps",
            "high_margin_fen",
            "high_friends",
        ),
    ),
    ("活跃度", "与分层分开判断，只看到店；消费、核销和停车缴费都算到店。", ("active_days", "silent_days")),
)

FIELDS = {field.name: field for field in RulesForm.fields}
NUMBERS = Numbers(FIELDS, rule_sets.DEFAULT)


class PublishForm(versions.NewVersion):
    """From which day on rules hold."""
