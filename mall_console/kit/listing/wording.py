"""Words for lists; edges alone use them."""

ERRORS = {
    "list_too_long": "记录超过 {most} 条，请先缩小范围再导出",
    "search_expired": "搜索已过期，请重新搜索后再导出",
    "nothing_ticked": "请先勾选要处理的记录",
    "too_many_ticked": "已选 {ticked} 条，一次最多处理 {most} 条，请减少后分批操作；这次没有处理任何一条",
}

ACTIONS = {"list.export": "导出列表"}
SUBJECTS = {"list.": "导出"}
NOUNS = {"list": "列表"}
FACTS = {
    "list.list": "列表",
    "list.of": "对象",
    "list.background": "后台生成",
    "list.rows": "条数",
    "list.file": "文件",
    "list.narrowed": "条件",
}
