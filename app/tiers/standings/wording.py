"""Words for standings; edges alone use them."""

from app.tiers.standings.models import Why

MEMBER_FIELDS = {
    "tier": "等级",
    "growth": "成长值",
}

REASONS_OF_STANDING = {
    Why.OPENING.value: "原有等级",
    Why.RISEN.value: "成长值达标升级",
    Why.LADDER.value: "等级体系调整",
    Why.KEPT.value: "保级",
    Why.FALLEN.value: "有效期满降级",
    Why.TAKEN_BACK.value: "退货扣回成长值",
    Why.MERGED.value: "会员合并",
    Why.PARTED.value: "撤销合并",
}
