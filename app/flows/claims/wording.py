"""Words for disputed claims; edges alone use them."""

CASES = {
    "claim_disputed": {
        "title": "同一张小票被两位会员登记",
        "reasons": {
            "of_another": "{store}的小票 {receipt_no}（¥{amount_yuan}）已记在一位会员名下，另一位会员又来补登，已拒绝。"
        },
        "ask": "查看两位会员的消费记录，必要时向门店调取签购单，确认是谁的消费。",
        "outcomes": {
            "stays": "原登记正确，维持不变",
            "corrected": "登记有误，已联系双方更正",
            "warned": "有人冒领小票，已提醒",
        },
    },
}

NOUNS = {"receipt_claim": "小票补登"}

MESSAGE_KINDS = {"receipt_decided": "小票审核结果"}
