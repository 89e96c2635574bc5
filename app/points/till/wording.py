"""Words for payments with points; edges alone use them."""

from app.points.till.models import PaymentStatus, ReleasedWhy

ERRORS = {
    "store_takes_no_points": "本店还没有积分结算条款，暂时不能收积分",
    "points_worth_nothing": "积分太少，抵不到 1 分钱",
    "points_code_too_old": "会员码已超过 5 分钟，请重新扫会员码",
    "points_code_spent": "这个会员码已经付过一次积分，请让会员刷新会员码后重新扫",
    "points_payment_waits": "该会员在本店有一笔积分付款待确认，请等会员确认、取消，或超时后再收",
    "points_payment_not_found": "未找到这笔积分付款",
    "points_payment_over": "这笔积分付款已经结束",
    "points_payment_not_confirmed": "会员还没有在手机上确认",
    "points_payment_not_paid": "这笔积分付款没有成功，或已经撤销",
    "points_undo_too_late": "已超过可撤销的时间",
    "points_till_rules_too_early": "规则最早从明天起生效",
    "points_till_rules_conflict": "这一天已有另一套规则，请换一天或先撤回",
    "points_till_rules_in_force": "该规则已经生效或已被撤回",
}

# Why a ledger moved.
REASONS = {
    "till": "积分付款：{store}",
    "till_back": "积分付款撤销：{store}",
}

STATUSES = {
    PaymentStatus.AWAITING.value: "待确认",
    PaymentStatus.PAID.value: "已付款",
    PaymentStatus.RELEASED.value: "未付款",
    PaymentStatus.REVERSED.value: "已撤销",
}
RELEASED = {
    ReleasedWhy.DECLINED.value: "会员取消",
    ReleasedWhy.WITHDRAWN.value: "店员取消",
    ReleasedWhy.TIMED_OUT.value: "超时未确认",
}

ACTIONS = {
    "points_payment.create": "收取积分",
    "points_payment.withdraw": "取消积分收款",
    "points_payment.undo": "撤销积分收款",
    "points_till.publish": "发布门店积分付款规则",
    "points_till.withdraw": "撤回门店积分付款规则",
}
SUBJECTS = {"points_payment.": "积分付款", "points_till.": "门店积分付款规则"}
NOUNS = {"till": "积分付款", "points_till_rules": "门店积分付款规则"}
FACTS = {"worth_fen": "抵用金额", "code_limit_points": "免确认上限（积分）", "wait_minutes": "确认时限"}
