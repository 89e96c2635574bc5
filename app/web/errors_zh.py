"""What each refusal says to a person, by its code. Facts of the error fill the braces."""

MESSAGES: dict[str, str] = {
    "invalid_request": "请求内容有误，请检查后重试",
    "validation_failed": "填写的内容有误，请检查标出的项目",
    "not_found": "没有找到对应的内容",
    "forbidden": "您没有权限进行此操作",
    "busy": "系统正忙，请稍后重试",
    "throttled": "操作过于频繁，请稍后再试",
    "idempotency_conflict": "同一请求编号已用于其他内容，请刷新后重试",
    "idempotency_key_missing": "缺少请求编号，请刷新页面后重试",
    "platform_unavailable": "微信服务暂时没有响应，请稍后重试",
    "internal_error": "系统出现问题，我们已记录，请稍后重试",
    "method_not_allowed": "不支持这种请求方式",
    "unsupported_media_type": "请使用 JSON 格式提交",
    "request_too_large": "提交的内容过大",
    # identity
    "sign_in_required": "请先登录",
    "session_expired": "登录已过期，请重新登录",
    "entrance_not_found": "这个二维码已失效，请换一个入口扫码",
    "consent_outdated": "会员协议已更新，请重新阅读并同意",
    "phone_required": "需要验证手机号才能成为会员",
    "phone_invalid": "请输入正确的手机号码",
    "phone_code_invalid": "手机号授权已失效，请再点一次",
    "sms_code_invalid": "验证码不正确或已过期",
    "login_code_invalid": "登录凭证已失效，请重新进入",
    "member_required": "请先加入会员",
    "member_closed": "该会员已注销",
    "member_code_invalid": "会员码无效，请刷新后重试",
    "member_code_expired": "会员码已过期，请会员刷新后重新出示",
    "member_code_used": "这个会员码刚刚使用过，请会员刷新后重新出示",
    "plate_invalid": "车牌号格式不正确",
    "plate_taken": "该车牌已被其他会员绑定",
    "plate_limit_reached": "最多可绑定 {limit} 个车牌",
    # benefits
    "campaign_not_available": "该优惠当前不可领取",
    "campaign_out_of_stock": "已被领完，下次早点来",
    "campaign_limit_reached": "您已领取过该优惠",
    "coupon_not_found": "没有找到这张券，请核对券码",
    "coupon_not_available": "该优惠券当前不可用",
    # points
    "insufficient_points": "可用积分不足",
    # tasks
    "task_not_found": "没有这个任务",
    "task_input_invalid": "请完成任务要求的选择",
    # purchases
    "receipt_conflict": "该小票号已登记，且内容不同",
}
