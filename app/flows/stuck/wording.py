"""Words for what flows ask people; edges alone use them."""

# What whoever looks the payment up at WeChat Pay needs; a fact that the case has not is left out.
_DETAILS = {"out_trade_no": "商户订单号", "error": "微信支付返回"}

CASES = {
    "order_stuck": {
        "title": "付款结果无法确认",
        "reasons": {"given_up": "一笔 ¥{amount_yuan} 的付款查询 {attempts} 次，微信支付均无答复，无法确认是否已付。"},
        "details": _DETAILS,
        "ask": "在微信支付商户平台核对这笔订单。查询成功后，未付款的会自动关闭并退还券和积分。",
        "outcomes": {"try_again": "再次向微信支付查询"},
    },
    "refund_stuck": {
        "title": "退款失败",
        "reasons": {"given_up": "应退顾客 ¥{amount_yuan}，申请 {attempts} 次均未成功。"},
        "details": _DETAILS,
        "ask": "在微信支付商户平台查看原因，例如账户余额不足。",
        "outcomes": {"try_again": "再次申请退款", "refunded_by_hand": "已在商户平台退款"},
    },
    "refund_undelivered": {
        "title": "退款未到账",
        "reasons": {
            "abnormal": "一笔 ¥{amount_yuan} 的退款异常，未退到顾客账户，例如银行卡已注销。",
            "closed": "一笔 ¥{amount_yuan} 的退款被微信支付关闭，款项未退给顾客。",
        },
        "details": _DETAILS,
        "ask": "在微信支付商户平台查看这笔退款，按提示处理，或用其他方式把钱退给顾客。",
        "outcomes": {"refunded_by_hand": "已把钱退给顾客"},
    },
    "callback_unread": {
        "title": "平台通知无法识别",
        "reasons": {
            "mini": "小程序平台在 {day} 推送了系统无法识别的内容，原文已保存 90 天。",
            "wecom": "企业微信在 {day} 推送了系统无法识别的内容，原文已保存 90 天。",
            "pay": "微信支付在 {day} 发来了系统无法识别的通知，原文已保存 90 天。付款和退款结果仍会定时查询。",
        },
        "ask": "在对应平台的管理后台查看当天是否有新功能或公告，并请技术人员核对保存的原文。",
        "outcomes": {"looked_at": "已核对"},
    },
}
