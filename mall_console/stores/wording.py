"""Words for stores and merchants; edges alone use them."""

ERRORS = {
    "merchant_elsewhere": "该商户属于其他商场，或在其他商场也有门店，请由集团管理员修改",
}
