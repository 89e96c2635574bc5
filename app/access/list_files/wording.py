"""Words for lists as files; edges alone use them."""

ERRORS = {"too_many_list_files": "已有 {most} 个文件在生成，请等待完成后再导出"}
