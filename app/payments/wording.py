"""Words for payments; edges alone use them."""

ERRORS = {
    "payment_order_not_found": "没有找到这笔订单",
    "payment_amount_mismatch": "支付金额与订单不符",
    "payment_order_transition": "订单状态已变化，请刷新后重试",
    "wechat_payer_required": "请在微信中打开页面，使用微信支付",
}
