"""Words for codes by SMS; edges alone use them."""

ERRORS = {
    "proof_required": "尝试次数较多，请完成安全验证后重新提交，或等待 {retry_after_s} 秒再试",
    "sms_budget_spent": "今天的短信验证码已发完，请明天再试，或改用微信登录",
    "sms_code_invalid": "验证码不正确或已过期",
}
