"""Words for proofs of points; edges alone use them."""

from app.points.proof.models import Side
from app.points.proof.ways import Way

WAYS = {
    Way.ACCRUED: "发放",
    Way.TAKEN_BACK: "退货扣回",
    Way.ADJUSTED: "人工调整",
    Way.FORGIVEN: "免除欠分",
    Way.MOVED_IN: "合并转入",
    Way.MOVED_OUT: "合并转出",
    Way.SPENT: "使用",
    Way.GIVEN_BACK: "使用退还",
    Way.EXPIRED: "到期作废",
    Way.FORFEITED: "退会放弃",
}

SIDES = {
    Side.ACCOUNT: "有流水，无账户",
    Side.ENTRIES: "余额与流水合计不符",
    Side.LOTS: "可用积分与批次余额不符",
    Side.HOLDS: "冻结积分与冻结记录不符",
    Side.RUNNING: "流水的变动后余额不连续",
    Side.WHOLE: "合并转入与转出不符",
}

_HOW = "：应为 {expected} 积分，实为 {found} 积分。"

CASES = {
    "points_differ": {
        "title": "积分账务核对不符",
        "reasons": {
            "account": "{day} 核对：会员有积分流水却没有账户" + _HOW,
            "entries": "{day} 核对：账户的可用加冻结减欠分，与流水合计不符" + _HOW,
            "lots": "{day} 核对：账户的可用积分，与各批次剩余不符" + _HOW,
            "holds": "{day} 核对：账户的冻结积分，与未结束的冻结记录不符" + _HOW,
            "running": "{day} 核对：有一笔流水的变动后余额接不上前一笔" + _HOW,
            "whole": "{day} 核对：合并会员时转出与转入的积分不符" + _HOW,
        },
        "details": {"entry": "流水编号"},
        "ask": "系统只报告，不自行改账。请联系技术人员查明哪一笔有误，再决定补记还是冲正；下次核对相符后自动办结。",
        "outcomes": {"mended": "已更正", "explained": "已查明，无需更正"},
    },
}
