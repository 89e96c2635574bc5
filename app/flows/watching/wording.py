"""Words for what flows find odd; edges alone use them."""

CASES = {
    "own_coupon": {
        "title": "店员核销了自己的优惠券",
        "reasons": {"own": "{store}：店员核销了一张属于本人会员账号的优惠券，优惠 ¥{discount_yuan}。"},
        "ask": "向店长核实是否真有消费。员工自己消费应由同事核销。",
        "outcomes": {
            "explained": "已核实，确有消费",
            "warned": "已提醒店员由同事核销",
            "taken_back": "没有消费，已要求商户退回优惠",
        },
    },
    "own_points": {
        "title": "店员收了自己的积分",
        "reasons": {"own": "{store}：店员用属于本人会员账号的积分付款，抵用 ¥{discount_yuan}。"},
        "ask": "向店长核实是否真有消费。员工自己消费应由同事收款。",
        "outcomes": {
            "explained": "已核实，确有消费",
            "warned": "已提醒店员由同事收款",
            "taken_back": "没有消费，已要求商户退回积分款",
        },
    },
    "sibling_refund": {
        "title": "退货门店不是售出门店",
        "reasons": {
            "sibling": "{store}的收银机退了{seller}售出的商品，小票 {receipt_no}，退款 ¥{amount_yuan}。",
        },
        "ask": "向商户核实：是顾客跨店退货，还是收银员用别家门店的小票套取退款。",
        "outcomes": {
            "explained": "已核实，顾客跨店退货",
            "warned": "已提醒门店在售出门店退货",
            "taken_back": "退款不实，已要求商户更正",
        },
    },
    "shared_card": {
        "title": "同一会员一天内消费笔数异常",
        "reasons": {
            "one_store": "{day}，同一会员在{store}有 {receipts} 笔消费，合计 ¥{amount_yuan}。",
            "many_stores": "{day}，同一会员在 {stores} 家门店共有 {receipts} 笔消费，合计 ¥{amount_yuan}。",
        },
        "ask": "查看会员的消费记录，向门店核实：可能是收银员用自己或备用的手机号，为没有出示会员码的顾客积分。",
        "outcomes": {
            "own": "已核实，确为本人消费",
            "warned": "已提醒门店，不得用同一手机号为其他顾客积分",
            "taken_back": "非本人消费，所得积分已扣回",
        },
    },
    "sms_budget": {
        "title": "短信验证码用量告急",
        "reasons": {
            "near": "{day} 已发出 {count} 条短信验证码，达到每日上限 {budget} 条的 80%。",
            "spent": "{day} 的 {budget} 条短信验证码已全部用完，当天不再发送，会员只能用微信登录。",
        },
        "ask": "查看当天客流是否异常；若不是活动带来的，可能有人在恶意刷短信，请联系技术人员。",
        "outcomes": {
            "raised": "已提高每日上限",
            "abuse": "确认有人恶意刷短信，已处理",
            "busy_day": "活动客流大，属正常情况",
        },
    },
}

NOUNS = {"sms_budget": "短信用量"}
