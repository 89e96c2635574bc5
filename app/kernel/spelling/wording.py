"""Words for phones and plates; edges alone use them."""

ERRORS = {
    "phone_invalid": "请输入正确的手机号",
    "plate_invalid": "车牌号格式不正确",
}
