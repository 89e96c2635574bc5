"""Words for predictions; edges alone use them."""

from collections.abc import Mapping

from app.lifecycle.predictions.rules import Obstacle, Why

ERRORS = {
    "predicted_later": "{day} 的预测已经算好，不能再按更早的日期预测",
    "history_too_short": "可用的历史消费太少，还不能回测",
}

# Why somebody is expected to come, or not to: {gap} days between two purchases, {silence} days since the last.
PREDICTION_REASONS: Mapping[str, str] = {
    Why.JUST_STARTED: "{silence} 天前第一次消费，还看不出习惯",
    Why.NEVER_AGAIN: "只消费过一次，已有 {silence} 天没有再来消费",
    Why.IN_RHYTHM: "平均 {gap} 天消费一次，上次消费在 {silence} 天前，与平时一致",
    Why.LATE: "平均 {gap} 天消费一次，已有 {silence} 天没有消费，比平时久",
    Why.LONG_SILENCE: "平均 {gap} 天消费一次，已有 {silence} 天没有消费，远超平时间隔",
}

WHY: Mapping[str, str] = {
    Why.JUST_STARTED: "首次消费不久",
    Why.NEVER_AGAIN: "未再消费",
    Why.IN_RHYTHM: "与平时一致",
    Why.LATE: "比平时久",
    Why.LONG_SILENCE: "长时间未消费",
}

OBSTACLES: Mapping[str, str] = {
    Obstacle.TOO_FEW: "消费过或再次消费的会员太少，沿用上一次的参数",
    Obstacle.NO_MAXIMUM: "没有算出稳定的参数，沿用上一次的参数",
}

MEMBER_FIELDS = {
    "predicted_return": "90 天内再来消费的可能",
    "predicted_spend": "90 天预计消费",
    "predicted_why": "预测依据",
}

MEMBER_FIELD_CODES = {"predicted_why": WHY}

MEMBER_SUBJECTS = {"predictions": "预测"}
