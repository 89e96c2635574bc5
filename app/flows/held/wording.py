"""Words for receipts that wait; edges alone use them."""

from app.purchases.wording import tell_source

CASES = {
    "same_payment": {
        "title": "同一笔付款可能重复上传",
        "told": tell_source,
        "reasons": {
            "several": (
                "{store}：{source}上传的小票 {receipt_no}（¥{amount_yuan}）"
                "与其他来源的小票像是同一笔付款，系统无法确定。"
            ),
        },
        "ask": "对照下方的小票：同一时间、同一金额，是一位顾客的一笔付款，还是另一位顾客的付款？",
        "outcomes": {"same": "是同一笔付款，不再重复计算", "apart": "是另一笔付款，照常登记"},
        "follows": "选「同一笔」会并入时间最近的那张小票；选「另一笔」会登记消费并发放积分。",
    },
    "refund_ahead": {
        "title": "退款没有对应的消费",
        "told": tell_source,
        "reasons": {
            "no_purchase": (
                "{store}：{source}上传了退款 {receipt_no}（¥{amount_yuan}），原小票 {refund_of} 一直没有上传。"
            ),
            "refused": (
                "{store}：{source}先上传了退款 {receipt_no}（¥{amount_yuan}），"
                "原小票 {refund_of} 上传后发现退款无法入账：超过可退金额，或原小票不可退。"
            ),
        },
        "ask": "联系门店核对原小票。原小票补传后，等待中的退款会自动入账。",
        "outcomes": {"till_asked": "已请门店补传原小票", "set_aside": "退款不属于会员消费，不再等待"},
        "follows": "选「不再等待」后，这笔退款不会再入账。",
    },
}

NOUNS = {"waiting_receipt": "待处理小票"}
