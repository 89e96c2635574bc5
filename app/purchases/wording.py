"""Words for receipts; edges alone use them."""

from collections.abc import Mapping
from typing import Any

from app.malls.wording import CATEGORIES

ERRORS = {
    "receipt_conflict": "该小票号已登记，且内容不同",
    "receipt_of_another": "该小票已计入其他会员，不能再次积分",
    "receipt_invalid": "小票金额、退款或明细不一致",
    "refunded_receipt_not_found": "未找到要退款的小票",
    "refund_exceeds_purchase": "退款金额超过可退金额",
    "store_not_found": "未找到这家门店",
    "receipt_waits_no_longer": "这张小票已经处理过了，请刷新后查看",
    "receipt_set_aside": "这张小票已由{by}忽略；要指定会员，请先恢复",
    "receipt_not_set_aside": "这张小票没有被忽略，或已经恢复",
    "receipt_nothing_to_match": "已没有可以对应的小票，请选择「另一笔付款」",
}

CASES = {
    "receipts_unclaimed": {
        "title": "小票未匹配到会员",
        "reasons": {
            "nobody_known": "{store}于 {day} 收到的 {receipts} 张小票（共 ¥{amount_yuan}）一天后仍没有会员认领。"
        },
        "ask": "向门店了解：收银时没有询问会员，还是收银系统没有上传会员码？",
        "outcomes": {
            "till_instructed": "已提醒门店收银时询问会员",
            "till_repaired": "收银系统的问题已修复",
            "no_members": "确实不是会员，无需处理",
        },
    },
}

NOUNS = {"receipt_inbox": "小票", "receipt": "小票"}

# Where receipts come from, by the names that are ours and the usual one of tills.
SOURCES = {
    "pos": "收银系统",
    "import": "数据导入",
    "wechat_circle": "微信支付商圈",
    "claim": "自助补登",
    "photo": "拍小票",
}

VALUES = {"purchase.source": SOURCES}


def source_text(source: str) -> str:
    """Where a receipt came from; a till may give itself any other name, which is shown as it is."""
    return SOURCES.get(source, source)


def tell_source(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A case's facts with its source as a sentence has it: a till's own name is set apart from what follows."""
    source = str(facts["source"])
    return {**facts, "source": SOURCES.get(source) or f"{source} "}


# How a part of a receipt was paid.
METHODS = {
    "wechat": "微信支付",
    "alipay": "支付宝",
    "unionpay": "银联",
    "cash": "现金",
    "prepaid": "储值卡",
    "points": "积分",
    "coupon": "优惠券",
    "other": "其他",
}

# Why a receipt is set aside.
DISMISSALS = {
    "not_member": "不是会员消费",
    "test": "测试或练习单",
    "repeated": "重复上传",
    "wrong": "上传有误",
}

ACTIONS = {
    "purchase.check": "初审小票会员",
    "purchase.give": "指定小票会员",
    "purchase.name_store": "指定小票门店",
    "purchase.dismiss": "忽略小票",
    "purchase.take_back": "恢复小票",
    "purchase.settings": "修改小票设置",
}

FACTS = {
    "purchase.source": "来源系统",
    "refund_days": "退款等待天数",
    "claim_days": "可补登天数",
    "claims_per_day": "每天补登次数",
    "photos_per_day": "每天上传张数",
    "photo_days": "照片保存天数",
    "photo_second_fen": "复核金额",
}

SUBJECTS = {"purchase.": "小票"}

# What a receipt waits for.
WAITS_FOR = {"purchase": "等待原小票", "decision": "疑似重复", "store": "门店未知"}

# Why a ledger moved.
REASONS = {
    "purchase": "消费：{store}",
    "refund": "退款：{store}",
    "refund_elsewhere": "退款门店：{store}（原消费：{bought_at}）",
}

MEMBER_FIELDS = {
    "spend": "消费金额",
    "purchases": "消费次数",
    "ticket": "客单价",
    "last_purchase": "最近消费",
    "bought_categories": "消费过的业态",
    "bought_stores": "消费过的门店",
}

MEMBER_FIELD_CODES = {"bought_categories": CATEGORIES}

MEMBER_SUBJECTS = {"spend": "消费"}
