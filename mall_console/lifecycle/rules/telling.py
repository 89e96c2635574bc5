"""What the stages are under rules, in a few words each."""

from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages.models import Stage


def meanings(rules: Rules) -> dict[Stage, str]:
    """What each stage is, as it stands below its name."""
    top = f"{rules.high_spend_top_bps / 100:g}%"
    return {
        Stage.VISITOR: "扫过码，未入会",
        Stage.NEW: "已入会，未消费",
        Stage.FIRST: f"消费过，{rules.recent_days} 天内不足 {rules.repeat_purchases} 次",
        Stage.REPEAT: f"{rules.recent_days} 天内消费 {rules.repeat_purchases} 次起",
        Stage.HIGH: f"消费额前 {top}，或 {rules.recent_days} 天 {rules.high_purchases} 次起{_of_others(rules)}",
        Stage.WARNING: f"{rules.warning_days} 天未消费，仍有到店或互动",
        Stage.SLEEPING: f"{rules.sleeping_days} 天没有任何行为",
        Stage.LOST: f"{rules.lost_days} 天没有任何行为",
    }


def _of_others(rules: Rules) -> str:
    margin = "" if rules.high_margin_fen is None else f"，或毛利 {rules.high_margin_fen / 100:,.0f} 元起"
    return margin + ("" if rules.high_friends is None else f"，或带来好友 {rules.high_friends} 位起")
