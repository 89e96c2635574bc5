"""Words for contract terms; edges alone use them."""

ERRORS = {
    "terms_conflict": "这一天已有另一版条款：先撤回它，或选择别的日期",
    "terms_too_late": "{used_until} 已有按现行条款记账的往来，新条款只能从更晚的日期生效",
    "terms_in_force": "这一版条款即将或已经生效，或已被撤回",
    "no_contract_terms": "该商户在这一天没有合同条款，请先补录",
    "terms_invalid": "费率、价格或付款期限超出范围",
    "terms_in_closed_period": "{effective_from} 所在账期已关账，请选择更晚的日期",
}

ACTIONS = {
    "contract.manage": "新增合同条款",
    "contract.withdraw": "撤回合同条款",
}

SUBJECTS = {
    "contract.": "合同条款",
}

FACTS = {
    "commission_bps": "会员消费佣金",
    "issue_price_fen": "积分发放单价",
    "redeem_price_fen": "积分抵扣单价",
    "due_days": "付款期限（天）",
}
