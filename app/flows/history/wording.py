"""Words for files of a mall's history; edges alone use them."""

ERRORS = {
    "file_invalid": "文件不是所需的表格",
    "row_invalid": "这一行无法读取",
}
