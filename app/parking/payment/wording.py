"""Words for paying for parking; edges alone use them."""

ERRORS = {
    "parking_nothing_due": "当前无需缴费，可直接离场",
    "quote_not_found": "未找到这次报价，请重新获取",
    "quote_expired": "报价已过期，请重新获取",
    "quote_used": "这次报价已在支付，请重新获取",
    "parking_waivers_not_taken": "这个停车场暂时不能用停车券和积分抵扣，请全部用微信支付",
    "parking_coupon_not_usable": "所选停车券不能用于本次停车",
    "parking_coupon_not_needed": "不需要这么多停车券，已为您避免浪费，请取消多选的券",
    "parking_payment_not_found": "未找到这笔停车缴费",
}

CASES = {
    "gate_silent": {
        "title": "道闸没有收到缴费通知",
        "reasons": {
            "no_answer": "{car_park}：停车费已缴清，但道闸约 10 分钟没有应答。系统仍在重试，道闸恢复后自动办结。",
            "given_up": "{car_park}：停车费已缴清，但通知道闸 {attempts} 次，道闸都没有应答，系统已停止重试。",
        },
        "ask": "车可能还停在闸口。先请现场放行，再检查道闸的网络和地址。",
        "follows": "选「再次通知道闸」会立即重新通知；选「已在现场放行」则不再通知。之后重新打开也不会撤回。",
        "outcomes": {"try_again": "再次通知道闸", "told_by_hand": "已在现场放行，不再通知"},
    },
}

NOUNS = {"gate_message": "道闸通知", "parking_session": "停车"}

# Why a ledger moved.
REASONS = {
    "parking": "停车抵扣：{car_park}",
    "parking_back": "停车抵扣退回",
}
