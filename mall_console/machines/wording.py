"""Words for machines; edges alone use them."""

ERRORS = {
    "machine_known": "这个设备编号已登记",
}
