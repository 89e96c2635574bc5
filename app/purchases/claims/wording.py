"""Words for claims; edges alone use them."""

ERRORS = {
    "claim_too_old": "只能补登今天和之前 {days} 天的小票",
    "claims_used_up": "今天最多补登 {most} 次，请明天再来",
    "claim_not_needed": "这张小票已经记在您名下，无需补登",
    "claim_store_unknown": "请选择本商场的门店",
    "receipt_code_invalid": "这不是小票上的二维码，请手动填写小票信息",
    "second_reader_needed": "金额达到复核标准，需由另一位同事复核",
    "claim_decided": "这条申请已经处理过了，请刷新后查看",
}

CLAIM_STATES = {"pending": "审核中", "approved": "已到账", "rejected": "未通过"}

# Why a claim was rejected, as the member reads it.
CLAIM_REASONS = {
    "of_another": "这张小票已由其他会员登记",
    "not_found": "门店没有这张小票的记录",
    "mismatch": "小票信息与门店记录不符",
    "not_eligible": "这笔消费不参与积分",
    "other": "审核未通过",
}
# The same and those that a photographed receipt may be rejected for.
REJECTIONS = CLAIM_REASONS | {
    "unreadable": "照片看不清，请重新拍摄",
    "incomplete": "小票不完整，请拍下整张小票",
    "not_receipt": "照片不是本商场的购物小票",
    "repeated": "这张小票已经积过分",
    "too_old": "小票已超过可补登的天数",
    "expired": "超过保存期限，未能审核",
}

# The same for people of the mall: from a sum on two of them look at it, which is the mall's business.
MALL_STATES = {"pending": "待审核", "checked": "待复核", "approved": "已通过", "rejected": "未通过"}

ACTIONS = {"claim.check": "初审小票补登", "claim.approve": "通过小票补登", "claim.reject": "驳回小票补登"}

SUBJECTS = {"claim.": "小票补登"}

VALUES = {"claim.reason": CLAIM_REASONS}
