"""Words for systems of others; edges alone use them."""

ERRORS = {
    "machine_refused": "对方系统没有接受这次请求，请稍后重试",
}
