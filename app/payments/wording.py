"""Words for payments; edges alone use them."""

ERRORS = {
    "payment_order_not_found": "未找到这笔订单",
    "payment_amount_mismatch": "支付金额与订单不符",
    "payment_order_transition": "订单状态已变化，请刷新后重试",
    "refund_under_way": "这笔退款正在重新发起，请等结果，不要再手工退款",
    "wechat_payer_required": "请在微信中打开页面，使用微信支付",
}
