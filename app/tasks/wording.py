"""Words for tasks; edges alone use them."""

ERRORS = {
    "task_not_found": "没有这个任务",
    "task_input_invalid": "请完成任务要求的选择",
}

# Why a ledger moved.
REASONS = {
    "task": "完成任务：{task}",
}
