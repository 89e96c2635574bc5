"""Words for forms; edges alone use them."""

ERRORS = {
    "field_invalid": "请检查“{label}”：{problem}",
}
