"""Words for members who may be one person; edges alone use them."""

CASES = {
    "duplicate_members": {
        "title": "可能是同一位会员",
        "reasons": {
            "phone_and_card": "导入的同一行里，手机号属于一位会员，会员卡号属于另一位会员。",
            "signs_agree": "有 {signs} 条线索显示，两位会员可能是同一个人（把握 {percent}%）。",
        },
        "ask": "请对照两位的资料，必要时与会员核对手机号是否都是本人的。合并后积分、成长值和未用的券归保留的一位，"
        "可在会员页撤销。",
        "follows": "合并会立即执行：另一位的手机号、卡号、车牌、微信登录和未用的积分、优惠券、成长值都归保留的一位，"
        "以后从任何入口进来都是同一位会员；两边的历史记录都保留，可在会员页撤销。选「不是同一个人」则两位保持不变，"
        "没有新线索不会再问。",
        "outcomes": {
            "same_person": "是同一个人，保留第一位（建议）",
            "same_person_other": "是同一个人，保留第二位",
            "two_people": "不是同一个人，保持不变",
        },
    },
}
