"""Words for bank accounts; edges alone use them."""

ERRORS = {
    "account_number_invalid": "银行账号为 8 至 32 位数字，请核对",
    "account_name_missing": "请填写户名和开户行（各 60 字以内）",
}

ACTIONS = {
    "account.set": "修改收款账户",
}

SUBJECTS = {
    "account.": "收款账户",
}

FACTS = {
    "account.bank": "开户行",
    "account.number": "账号",
}
