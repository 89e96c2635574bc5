"""Words for systems of others; edges alone use them."""

ERRORS = {
    "machine_refused": "对方系统没有接受这次请求，请联系商场服务台",
    "machine_busy": "对方系统繁忙，请稍后重试",
    "phone_refused": "该手机号无法接收短信，请核对后重填，或换一个手机号",
}
