"""Words for what flows ask people; edges alone use them."""

# What whoever looks the payment up at WeChat Pay needs; a fact that the case has not is left out.
_DETAILS = {"out_trade_no": "商户订单号", "error": "微信支付返回"}

ERRORS = {
    "callback_still_unread": "仍无法识别这条通知，内容没有变化",
    "callback_settled": "这条通知已有人处理过，请刷新查看",
}

ACTIONS = {"callback.try_again": "重新处理平台通知", "callback.settle": "办结平台通知"}

SUBJECTS = {"callback.": "平台通知"}

NOUNS = {"platform_event": "平台通知"}

FACTS = {"callback.note": "处理说明", "platform": "平台"}

PLATFORMS = {"mini": "小程序", "wecom": "企业微信", "pay": "微信支付", "circle": "智慧商圈"}

VALUES = {"callback.platform": PLATFORMS}

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
            "mini": "小程序平台在 {day} 推送了系统无法识别的内容，原文保存 90 天。",
            "wecom": "企业微信在 {day} 推送了系统无法识别的内容，原文保存 90 天。",
            "pay": "微信支付在 {day} 发来了系统无法识别的通知，原文保存 90 天。付款和退款结果仍会定时查询。",
            "circle": "微信支付在 {day} 发来了系统无法识别的商圈通知，原文保存 90 天。",
            "mini_given_up": "小程序平台在 {day} 推送的订阅结果多次处理失败，系统已停止重试。",
            "wecom_given_up": "企业微信在 {day} 推送的客户变更多次处理失败，系统已停止重试。",
            "circle_given_up": "{day} 的商圈支付或退款通知多次处理失败，系统已停止重试，积分可能没有发放或扣回。",
        },
        "ask": "打开原文，对照平台管理后台当天的公告；系统升级或故障排除后可以重新处理，无需处理的写明原因。",
        "outcomes": {"looked_at": "已核对"},
    },
}
