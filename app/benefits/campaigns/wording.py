"""Words for campaigns; edges alone use them."""

from app.benefits.campaigns.models import CampaignKind

KINDS = {
    CampaignKind.CASH.value: "代金券",
    CampaignKind.DISCOUNT.value: "折扣券",
    CampaignKind.GIFT.value: "礼品券",
    CampaignKind.PARKING.value: "停车券",
}

ERRORS = {
    "campaign_not_available": "该优惠当前不可领取",
    "campaign_limit_reached": "您已领取过该优惠",
    "campaign_invalid": "优惠设置有误，请检查各项条件",
    "campaign_code_taken": "这个优惠编号已被使用",
}

ACTIONS = {
    "campaign.create": "新建优惠活动",
    "campaign.pause": "暂停发放",
    "campaign.resume": "恢复发放",
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
}

VALUES = {"campaign.kind": KINDS}
