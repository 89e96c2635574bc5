"""Words for tags that people give; edges alone use them."""

ERRORS = {
    "tag_profiling_off": "会员已关闭个性化分析，不能打标签；服务中需要注意的事项请写入备注",
    "manual_tag_taken": "已有名为「{name}」的标签",
    "too_many_manual_tags": "标签已达 {most} 个，请先清理不用的标签",
}

ACTIONS = {
    "tag.give": "给会员打标签",
    "tag.take": "移除会员标签",
    "tag.change": "修改标签",
    "tag.take_over": "接管标签",
    "tag.remove": "删除标签",
}

SUBJECTS = {"tag.": "会员标签"}

NOUNS = {"manual_tag": "标签"}

FACTS = {"tag": "标签"}

MEMBER_FIELDS = {"manual_tags": "人工标签"}
