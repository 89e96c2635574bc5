"""Words for codes by SMS; edges alone use them."""

ERRORS = {
    "sms_code_invalid": "验证码不正确或已过期",
}
