"""Words for WeCom contacts; edges alone use them."""

MEMBER_FIELDS = {
    "wecom_contact": "是企业微信好友",
}
