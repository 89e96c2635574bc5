"""Words for coupons and their redemption; edges alone use them."""

from collections.abc import Mapping
from typing import Any

from app.kernel import clock
from app.kernel.wording import short_day_text

ERRORS = {
    "coupon_not_found": "未找到这张券，请核对券码",
    "coupon_code_garbled": "券码里只有字母和数字，读到的内容被输入法改变了",
    "coupon_already_redeemed": "这张券已于 {redeemed_at} 在{store}核销",
    "coupon_not_yet_valid": "这张券 {valid_from} 起才能使用",
    "coupon_expired": "这张券已于 {valid_until} 过期",
    "coupon_void": "这张券已作废",
    "coupon_reserved": "这张券正在付款中，暂时不能核销",
    "coupon_not_for_store": "这张券不能在本店使用",
    "coupon_for_parking": "这是停车券，不在门店核销",
    "spend_required": "请填写本单金额，该券最低消费 ¥{minimum}",
    "minimum_spend_not_met": "未达到最低消费 ¥{minimum}，还差 ¥{missing}",
    "redemption_not_found": "未找到本店的这次核销",
    "reversal_too_late": "核销已超过 15 分钟，不能撤销",
    "redemption_already_reversed": "这次核销已经撤销过了",
}


def _local(moment: Any) -> str:
    local = clock.local(moment)
    return f"{short_day_text(local)} {local:%H:%M}"


def _tell_redemption(facts: Mapping[str, Any]) -> dict[str, str]:
    """When, with the day unless it is today, and where."""
    moment = facts["redeemed_at"]
    if moment is None:
        return {"redeemed_at": "", "store": ""}
    when = f"{clock.local(moment):%H:%M}" if facts["is_today"] else _local(moment)
    return {"redeemed_at": when, "store": "本店" if facts["is_here"] else facts["store"]}


def _tell_stores(facts: Mapping[str, Any]) -> dict[str, str]:
    """Where the coupon can be used, as the clerk tells the shopper."""
    if not facts.get("store_count"):
        return {"next_step": "该券仅限其他商场使用"}
    nearest = f"{facts['floor']} {facts['store']}"
    return {"next_step": f"可用门店 {facts['store_count']} 家，最近的是 {nearest}"}


# What people are told of a refusal's facts, where they are not shown as they are.
TOLD = {
    "coupon_already_redeemed": _tell_redemption,
    "coupon_not_yet_valid": lambda facts: {"valid_from": _local(facts["valid_from"])},
    "coupon_not_for_store": _tell_stores,
}

ACTIONS = {
    "redemption.create": "核销",
    "redemption.undo": "撤销核销",
}

SUBJECTS = {
    "redemption.": "核销",
}

NOUNS = {
    "redemption": "核销",
}

FACTS = {
    "coupon": "券码尾号",
    "discount_fen": "优惠",
}

MEMBER_FIELDS = {
    "coupons_held": "可用优惠券",
    "campaigns_held": "持有优惠",
    "coupons_given": "获得优惠券",
    "coupons_used": "核销优惠券",
    "campaigns_used": "核销过的优惠",
}

MEMBER_SUBJECTS = {"benefits": "权益"}
