"""Words for requests; edges alone use them."""

ERRORS = {
    "validation_failed": "填写的内容有误，请检查标出的项目",
    "idempotency_key_missing": "缺少请求编号，请刷新页面后重试",
    "internal_error": "系统出现问题，我们已记录，请稍后重试",
    "method_not_allowed": "不支持这种请求方式",
    "unsupported_media_type": "请使用 JSON 格式提交",
    "request_too_large": "提交的内容过大",
    "request_timeout": "提交的内容没有传完，请检查网络后重试",
    "length_required": "请求缺少 Content-Length，无法接收",
}
