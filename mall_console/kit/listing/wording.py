"""Words for lists; edges alone use them."""

ERRORS = {
    "list_too_long": "记录超过 {most} 条，请先缩小范围再导出",
    "nothing_ticked": "请先勾选要处理的记录",
}

ACTIONS = {"list.export": "导出列表"}
SUBJECTS = {"list.": "导出"}
NOUNS = {"list": "列表"}
FACTS = {"list.list": "列表", "list.rows": "条数", "list.file": "文件", "list.narrowed": "条件"}
