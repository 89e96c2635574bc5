"""Words for clerks; edges alone use them."""

ERRORS = {
    "clerk_store_missing": "请至少选择一家门店",
}
