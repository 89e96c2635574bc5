"""Words for looking members up; edges alone use them."""

ERRORS = {
    "nobody_found": "未找到该会员，请核对手机号、卡号、车牌或姓名",
}
