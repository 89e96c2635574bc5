"""Words for car parks and tariffs; edges alone use them."""

ERRORS = {
    "car_park_not_found": "未找到这个停车场",
    "car_park_code_taken": "这个停车场编号已被使用",
    "gate_url_invalid": "道闸地址请填写完整网址，例如 https://gate.example.com，不带账号和参数；正式环境须为 https",
    "no_parking_tariff": "该停车场尚未设置收费标准",
    "parking_tariff_conflict": "这一天已有另一版收费标准：先撤回它，或选择别的日期",
    "parking_tariff_in_force": "这一版收费标准即将或已经生效，或已被撤回",
}

ACTIONS = {
    "parking.set_tariff": "新增停车收费标准",
    "parking.withdraw_tariff": "撤回停车收费标准",
    "parking.add_car_park": "添加停车场",
    "parking.change_car_park": "修改停车场",
    "parking.new_gate_secret": "更换道闸密钥",
    "parking.switch_off": "停用停车场",
    "parking.switch_on": "恢复停车场",
}

SUBJECTS = {
    "parking.": "停车",
}

NOUNS = {
    "car_park": "停车场",
}

FACTS = {
    "gate_url": "道闸地址",
    "gate_url_before": "原道闸地址",
    "free_minutes": "免费",
    "step_minutes": "计费单位",
    "exit_grace_minutes": "离场时限",
    "step_fen": "每单位",
    "daily_cap_fen": "封顶",
}
