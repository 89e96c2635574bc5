"""Words for what flows find odd; edges alone use them."""

CASES = {
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
