"""Words for pages for staff; edges alone use them."""

ERRORS = {
    "csrf_failed": "页面已过期，请刷新后重试",
}
