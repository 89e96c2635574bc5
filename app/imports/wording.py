"""Words for imports; edges alone use them."""

KINDS = {"stores": "门店", "members": "会员", "purchases": "消费小票", "footfall": "客流", "totals": "门店日结"}

STATUSES = {
    "receiving": "上传中",
    "reading": "读取中",
    "asking": "待选编码",
    "ready": "待核对",
    "checking": "试算中",
    "checked": "待导入",
    "running": "导入中",
    "done": "已完成",
    "cancelled": "已取消",
    "refused": "无法读取",
    "failed": "已中断",
}

ERRORS = {
    "import_moved": "这次导入的进度已变化，请看最新状态",
    "import_too_large": "文件超过 20 MB，请拆分后上传，或请技术人员用命令行导入",
    "import_piece_wrong": "文件为空或上传不完整，请重新上传",
    "import_cleared": "文件已过保留期并删除，请重新上传",
}

ACTIONS = {
    "import.upload": "上传导入文件",
    "import.run": "开始导入",
    "import.cancel": "取消导入",
    "import.resume": "继续导入",
    "import.done": "完成导入",
    "import.stopped": "导入已停止",
    "import.download": "下载导入问题行",
}

SUBJECTS = {"import.": "导入"}

NOUNS = {"import": "导入"}

FACTS = {
    "import.kind": "内容",
    "import.file": "文件",
    "import.effects": "联动",
    "import.new": "新增",
    "import.known": "已有",
    "import.rejected": "拒绝",
    "import.rows": "行数",
}

VALUES = {
    "import.kind": KINDS,
    "import.effects": {"none": "仅记录", "ledger": "同时计积分、成长值和账目"},
}
