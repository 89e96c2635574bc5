"""Words for WeChat; edges alone use them."""

ERRORS = {
    "platform_refused": "微信没有接受这次请求，请联系商场服务台",
    "platform_busy": "微信服务繁忙，请稍后重试",
    "platform_person_refused": "您的微信账号暂不能这样操作，请查看微信的安全提示，或改用手机号验证",
    "platform_outcome_unknown": "微信服务没有回应，结果尚未确定，请稍后查看",
    "wechat_code_rejected": "微信授权已失效，请重新进入",
    "wechat_snapshot_user": "请点击页面下方的「使用完整服务」后再继续",
    "callback_refused": "回调签名无效",
    "phone_code_invalid": "手机号授权已失效，请再点一次",
    "login_code_invalid": "登录凭证已失效，请重新进入",
}
