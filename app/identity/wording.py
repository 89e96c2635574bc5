"""Words for members; edges alone use them."""

from app.identity.models import IdentityKind

ERRORS = {
    "merge_held_up": "有一笔付款正在进行，请等付款完成或自动取消后再操作",
    "merge_not_undoable": "这次合并不能撤销：已经撤销过，或其中一位已注销、又合并到了别的会员",
    "consent_outdated": "{document}已更新，请重新阅读并同意",
    "phone_required": "需要验证手机号才能成为会员",
    "signed_in_as_member": "您已是会员（{phone}）；要换用其他手机号，请先退出登录",
    "member_required": "请先加入会员",
    "member_closed": "该会员已注销",
    "leaving_payment_open": "有一笔停车缴费正在进行，请先完成缴费，或等它自动取消后再注销",
    "leaving_coupons_reserved": "有 {count} 张优惠券正在付款中，请付款完成或自动取消后再注销",
    "leaving_notice_outdated": "您的积分或优惠券有变化，请重新确认后再注销",
    "member_code_invalid": "会员码无效，请刷新后重试",
    "member_code_case_lost": "扫码枪改变了字母大小写，请关闭扫码枪的大小写转换后重新扫码",
    "member_code_garbled": "中文输入法改变了扫到的内容，请切换到英文输入法后重新扫码",
    "member_code_expired": "会员码已过期，请会员刷新后重新出示",
    "member_code_used": "这个会员码刚刚使用过，请会员刷新后重新出示",
    "spoken_code_unknown": "手机尾号和动态码对不上，请会员刷新会员码后重新报",
    "spoken_code_unclear": "请会员刷新会员码后重新报，或出示会员码",
    "plate_taken": "该车牌已被其他会员绑定",
    "plate_limit_reached": "最多可绑定 {limit} 个车牌",
    "card_taken": "该卡号已属于另一个手机号的会员",
    "card_reserved": "该卡号与本系统发出的卡号格式相同，但不是本系统发出的",
    "phone_taken": "该手机号已是其他会员，请联系服务台",
}

# The texts that members agree to, by their kind.
CONSENT_TEXTS = {
    "membership": "会员协议",
    "household": "家庭信息单独同意书",
}

TOLD = {"consent_outdated": lambda facts: {"document": CONSENT_TEXTS[facts["document"]]}}

ACTIONS = {
    "member.search": "查找会员",
    "member.show_phone": "查看完整手机号",
    "member.export": "导出会员数据文件",
    "member.left": "注销会员",
    "member.merged": "合并会员",
    "member.merge_undone": "撤销会员合并",
    "member.identity_mended": "修复会员识别信息",
}

SUBJECTS = {
    "member.": "会员查看与注销",
}

NOUNS = {
    "member": "会员",
}

FACTS = {
    "by": "方式",
    "member.found": "找到的会员",
    "member.points": "积分",
    "member.coupons": "优惠券",
    "member.growth": "成长值",
    "member.debt_points": "欠积分",
    "member.points_missing": "已用掉、未能还回的积分",
    "member.coupons_used": "已使用、未能还回的优惠券",
    "member.growth_missing": "未能还回的成长值",
    "member.into": "合并到会员",
    "member.kind": "识别方式",
    "member.fault": "问题",
}

VALUES = {
    "member.by": {
        "phone": "手机号",
        "card_no": "会员卡号",
        "plate": "车牌",
        "phone_tail": "手机尾号",
        "name": "姓名",
    },
    "member.kind": {
        "mini_openid": "小程序",
        "oa_openid": "公众号",
        "unionid": "微信开放平台",
        "wecom_external": "企业微信",
        "phone": "手机号",
        "card_no": "会员卡号",
        "plate": "车牌",
    },
    "member.fault": {
        "merged_owner": "仍记在已合并的会员名下",
        "owner_left": "仍记在已注销的会员名下",
        "phone_lost": "手机号未登记",
        "phone_of_two": "手机号已属于另一位会员",
    },
}

# Why a ledger moved.
REASONS = {
    "join": "加入会员",
    "leaving": "注销会员",
}

IDENTITIES = {
    IdentityKind.PHONE.value: "手机号",
    IdentityKind.MINI_OPENID.value: "小程序",
    IdentityKind.OA_OPENID.value: "公众号",
    IdentityKind.UNIONID.value: "微信开放平台",
    IdentityKind.WECOM_EXTERNAL.value: "企业微信客户",
    IdentityKind.CARD_NO.value: "会员卡号",
    IdentityKind.PLATE.value: "车牌",
}

# What members can be asked for, and the codes of what they can be asked for.
MEMBER_FIELDS = {
    "joined": "入会时间",
    "home_mall": "所属商场",
    "has_plate": "绑定了车牌",
    "channels": "可联系渠道",
    "preferences": "喜好",
}

MEMBER_FIELD_CODES = {
    "channels": {
        IdentityKind.MINI_OPENID.value: "小程序",
        IdentityKind.OA_OPENID.value: "公众号",
        IdentityKind.WECOM_EXTERNAL.value: "企业微信",
    },
}

MEMBER_SUBJECTS = {
    "membership": "会员身份",
    "profile": "会员资料",
    "reach": "联系与订阅",
}
