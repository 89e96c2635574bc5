"""Words for machines, their requests; edges alone use them."""

KINDS = {"pos": "收银系统", "gate": "停车道闸", "counter": "客流计数"}

ERRORS = {
    "bad_signature": "签名不正确",
    "stale_request": "请求时间与系统时间相差过大",
    "replayed_request": "该请求已处理过",
    "machine_known": "这个设备编号已登记",
}

ACTIONS = {
    "machine.register": "登记设备",
    "machine.new_secret": "更换设备密钥",
    "machine.switch_off": "停用设备",
    "machine.switch_on": "恢复设备",
}

SUBJECTS = {
    "machine.": "设备",
}

NOUNS = {
    "machine": "设备",
}

FACTS = {
    "client_id": "设备编号",
}

VALUES = {"machine.kind": KINDS}
