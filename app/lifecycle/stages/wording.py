"""Words for stages and why a member is in one; edges alone use them."""

from datetime import date
from typing import Protocol

from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages.models import Activity, Stage, Why
from app.lifecycle.stages.rules import Phase

ERRORS = {
    "lifecycle_day_not_over": "这一天还没有结束",
    "lifecycle_later_night_done": "之后的日期已经计算，不能再重算这一天",
}

STAGES = {
    Stage.VISITOR.value: "访客",
    Stage.NEW.value: "新会员",
    Stage.FIRST.value: "已购会员",
    Stage.REPEAT.value: "活跃复购",
    Stage.HIGH.value: "高价值",
    Stage.WARNING.value: "流失预警",
    Stage.SLEEPING.value: "沉睡",
    Stage.LOST.value: "流失",
}

ACTIVITIES = {
    Activity.ACTIVE.value: "活跃",
    Activity.COOLING.value: "降温",
    Activity.SILENT.value: "沉默",
}

PHASES = {
    Phase.NEW.value: "新客期",
    Phase.GROWTH.value: "成长期",
    Phase.STABLE.value: "稳定期",
    Phase.DECLINE.value: "衰退期",
    Phase.LOST.value: "流失期",
}

# Why, where the facts behind it stand elsewhere.
REASONS_IN_SHORT = {
    Why.SEEN.value: "尚未入会",
    Why.JOINED.value: "入会后还没有消费",
    Why.BOUGHT.value: "已有消费",
    Why.BOUGHT_AGAIN.value: "近期多次消费",
    Why.SPENT_MUCH.value: "消费金额居前",
    Why.BOUGHT_OFTEN.value: "消费频次高",
    Why.EARNED_MUCH.value: "为商场带来的毛利高",
    Why.BROUGHT_FRIENDS.value: "带来的有效好友多",
    Why.BOUGHT_NOTHING.value: "很久没有消费",
    Why.DID_NOTHING.value: "很久没有任何行为",
    Why.MERGED.value: "与另一位会员合并",
}


class Reasoned(Protocol):
    """A reason with the facts behind it, as `MemberStage`, `StageChange` and `rules.Facts` bear them."""

    @property
    def known_on(self) -> date: ...

    @property
    def last_purchase_on(self) -> date | None: ...

    @property
    def last_presence_on(self) -> date: ...

    @property
    def last_behaviour_on(self) -> date: ...

    @property
    def recent_purchases(self) -> int: ...

    @property
    def year_fen(self) -> int: ...

    @property
    def margin_fen(self) -> int | None: ...

    @property
    def friends(self) -> int | None: ...


def explain(why: str, facts: Reasoned, rules: Rules, *, on: date) -> str:
    """Why a member stood in their stage on a day, with the facts: "90 天未消费，3 天前到店"."""
    match Why(why):
        case Why.JOINED:
            days = _days(facts.known_on, on)
            return f"入会 {days} 天，还没有消费" if days else "当天入会，还没有消费"
        case Why.BOUGHT:
            return f"{_when(facts.last_purchase_on or facts.known_on, on)}消费"
        case Why.BOUGHT_AGAIN | Why.BOUGHT_OFTEN:
            return f"{rules.recent_days} 天内消费 {facts.recent_purchases} 次"
        case Why.SPENT_MUCH:
            share = rules.high_spend_top_bps / 100
            return f"{rules.spend_days} 天内消费 {facts.year_fen / 100:,.2f} 元，居前 {share:g}%"
        case Why.EARNED_MUCH | Why.BROUGHT_FRIENDS as brought:
            return f"{rules.spend_days} 天内{_brought(brought, facts)}"
        case Why.BOUGHT_NOTHING:
            return f"{_nothing_bought(facts, on)}，{_last_sign(facts, on)}"
        case Why.DID_NOTHING:
            return f"{_days(facts.last_behaviour_on, on)} 天没有任何行为"
        case known:
            return REASONS_IN_SHORT[known.value]


def _brought(why: Why, facts: Reasoned) -> str:
    if why is Why.EARNED_MUCH:
        return f"为商场带来毛利 {(facts.margin_fen or 0) / 100:,.2f} 元"
    return f"带来有效好友 {facts.friends or 0} 位"


def _nothing_bought(facts: Reasoned, on: date) -> str:
    if facts.last_purchase_on is None:
        return f"入会 {_days(facts.known_on, on)} 天未消费"
    return f"{_days(facts.last_purchase_on, on)} 天未消费"


def _last_sign(facts: Reasoned, on: date) -> str:
    if facts.last_presence_on >= facts.last_behaviour_on:
        return f"{_when(facts.last_presence_on, on)}到店"
    return f"{_when(facts.last_behaviour_on, on)}有互动"


def _when(day: date, on: date) -> str:
    days = _days(day, on)
    return f"{days} 天前" if days else "当天"


def _days(day: date, on: date) -> int:
    return (on - day).days


MEMBER_FIELDS = {
    "stage": "分层",
    "stage_since": "进入当前分层",
    "activity": "活跃度",
    "recency_score": "最近消费得分",
    "frequency_score": "消费频次得分",
    "monetary_score": "消费金额得分",
}

MEMBER_FIELD_CODES = {"stage": STAGES, "activity": ACTIVITIES}

MEMBER_SUBJECTS = {"lifecycle": "分层与人群"}
