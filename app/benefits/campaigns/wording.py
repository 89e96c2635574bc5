"""Words for campaigns; edges alone use them."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.benefits.campaigns.models import CampaignKind

KINDS = {
    CampaignKind.CASH.value: "代金券",
    CampaignKind.DISCOUNT.value: "折扣券",
    CampaignKind.GIFT.value: "礼品券",
    CampaignKind.PARKING.value: "停车券",
}

ERRORS = {
    "campaign_not_available": "该优惠当前不可领取",
    "campaign_for_other_tiers": "这张券限{tiers}会员，您还没有达到",
    "campaign_limit_reached": "您已领取过该优惠",
    "campaign_invalid": "优惠设置有误，请检查各项条件",
    "campaign_code_taken": "这个优惠编号已被使用",
    "campaign_changed": "刚才有人改过这个活动，请核对最新条款后再改",
    "campaign_planned": "已有一次排期的修改，请先撤回再改",
    "campaign_revision_begun": "生效时间已过，请刷新查看最新条款",
    "campaign_store_removed": "已发出的券还能在原来的门店使用，适用门店只能增加；要减少门店，请复制为新活动",
}

ACTIONS = {
    "campaign.create": "新建优惠活动",
    "campaign.pause": "暂停发放",
    "campaign.resume": "恢复发放",
    "campaign.revise": "修改优惠活动",
    "campaign.add_stock": "追加库存",
    "campaign.plan_revision": "排期修改活动",
    "campaign.withdraw_revision": "撤回排期修改",
}

SUBJECTS = {
    "campaign.": "优惠活动",
}

NOUNS = {
    "campaign": "活动",
}

FACTS = {
    "face_fen": "面额",
    "mall_share_bps": "商场承担",
    "version": "版本",
    "added": "追加张数",
    "campaign.summary": "说明",
    "campaign.parking_minutes": "抵扣时长",
    "campaign.discount_bps": "优惠幅度",
    "campaign.min_spend_fen": "最低消费",
    "campaign.valid_days": "有效天数",
    "campaign.valid_from": "有效期自",
    "campaign.valid_until": "有效期至",
    "campaign.per_member_limit": "每人限领",
    "campaign.stock": "总库存",
    "campaign.issue_from": "开始发放",
    "campaign.issue_until": "结束发放",
    "campaign.exchange_points": "兑换积分",
    "campaign.exchange_fen": "兑换加价",
    "campaign.tier_codes": "适用等级",
}

VALUES = {"campaign.kind": KINDS}


def audience(names: Sequence[str]) -> str:
    """`金卡及以上`, or `银卡、钻石卡`, of tiers as `audience.named` says them."""
    return "、".join(f"{name.removesuffix('+')}及以上" if name.endswith("+") else name for name in names)


def _tell_tiers(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "tiers": audience(facts["tiers"])}


TOLD = {"campaign_for_other_tiers": _tell_tiers}
