"""Words for WeCom contacts; edges alone use them."""

MEMBER_FIELDS = {
    "wecom_contact": "是企业微信好友",
    "wecom_group": "在企业微信群里",
}
