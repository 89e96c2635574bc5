"""Words for receipts; edges alone use them."""

ERRORS = {
    "receipt_conflict": "该小票号已登记，且内容不同",
    "receipt_invalid": "小票金额、退款或明细不一致",
    "refunded_receipt_not_found": "没有找到要退款的小票",
    "refund_exceeds_purchase": "退款金额超过可退金额",
    "store_not_found": "没有找到这家门店",
}
