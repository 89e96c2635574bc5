"""Words for stock; edges alone use them."""

ERRORS = {
    "campaign_out_of_stock": "已被领完，下次早点来",
}
