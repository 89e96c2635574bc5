"""Words for codes by SMS; edges alone use them."""

from app.kernel.wording import tell_wait

ERRORS = {
    "proof_required": "尝试次数较多，请完成安全验证后重新提交，或 {wait}后再试",
    "sms_budget_spent": "今天的短信验证码已发完，请明天再试，或改用微信登录",
    "sms_code_invalid": "验证码不正确或已过期",
}

TOLD = {"proof_required": tell_wait}
