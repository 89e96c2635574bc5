"""Words for photographed receipts; edges alone use them."""

from app.access.audit import SYSTEM
from app.kernel import money
from app.purchases.claims.wording import REJECTIONS

ERRORS = {
    "photos_off": "商场暂未开通拍小票积分",
    "photos_used_up": "今天最多上传 {most} 张小票，请明天再来",
    "photo_known": "这张照片已经提交过，请勿重复上传",
    "photo_claim_closed": "这条补登已有结果或已上传照片，请返回查看",
    "photo_decided": "这张小票刚刚已由{by}处理",
    "photo_withdrawn": "会员已撤回这张小票照片，无需审核",
    "photo_gone": "照片已删除",
    "photo_day_too_old": "小票日期不在上传当天和之前 {days} 天内",
    "receipt_counted": "这张小票已记在该会员名下，请按「重复提交」驳回",
    "receipt_told_otherwise": "门店当天同号小票的金额为 ¥{amount_yuan}，请核对金额",
    "claim_has_photo": "这条补登带有小票照片，请在「小票照片」中审核",
}

TOLD = {
    "receipt_told_otherwise": lambda facts: {"amount_yuan": money.yuan_text(facts["amount_fen"])},
    "photo_decided": lambda facts: {"by": "系统" if facts["by"] == SYSTEM.name else facts["by"]},
}

PHOTO_STATES = {
    "pending": "待审核",
    "checked": "待复核",
    "approved": "已通过",
    "rejected": "未通过",
    "withdrawn": "已撤回",
}

# How it stands, as the member reads it: that two people look at it is the mall's business.
MEMBER_STATES = PHOTO_STATES | {"pending": "审核中", "checked": "审核中", "approved": "已到账"}

# Why a photograph may be rejected; others are only told by the system.
PHOTO_REASONS = {
    code: REJECTIONS[code]
    for code in (
        "unreadable",
        "incomplete",
        "not_receipt",
        "repeated",
        "too_old",
        "of_another",
        "mismatch",
        "not_eligible",
        "other",
    )
}

ACTIONS = {
    "photo.view": "查看小票照片",
    "photo.check": "初审小票照片",
    "photo.approve": "通过小票照片",
    "photo.reject": "驳回小票照片",
}

SUBJECTS = {"photo.": "小票照片"}

FACTS = {"photo.photo": "照片编号"}

VALUES = {"photo.reason": PHOTO_REASONS}

NOUNS = {"receipt_photo": "小票照片"}
