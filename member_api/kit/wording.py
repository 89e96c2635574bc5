"""Words for signing in; edges alone use them."""

ERRORS = {
    "login_state_invalid": "授权已超时，请返回重新登录",
}
