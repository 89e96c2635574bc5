"""Words for the look-up in the audit log; edges alone use them."""

ACTIONS = {"lookup.search": "查找"}
SUBJECTS = {"lookup.": "查找"}
NOUNS = {"lookup": "查找"}
VALUES = {
    "lookup.by": {
        "member": "会员",
        "coupon": "券码",
        "receipt": "小票号",
        "unclaimed": "未识别会员的小票",
        "order": "付款单号",
        "statement": "结算单号",
    }
}
