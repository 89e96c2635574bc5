"""Words for settlement in the console."""

ERRORS = {
    "statements_not_chosen": "请先勾选结算单，一次最多 {most} 张",
}
