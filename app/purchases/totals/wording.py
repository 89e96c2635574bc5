"""Words for day totals; edges alone use them."""

from app.purchases.wording import tell_source

CASES = {
    "till_totals_differ": {
        "title": "日结与小票不一致",
        "told": tell_source,
        "reasons": {
            "differs": ("{store} {day}：{source}日结 {told} 笔、¥{told_yuan}，系统收到 {came} 笔、¥{came_yuan}。"),
            "tills_differ": (
                "{store} {day}：{source}的收银台 {tills} 日结与小票不一致；"
                "全店日结 {told} 笔、¥{told_yuan}，系统收到 {came} 笔、¥{came_yuan}。"
            ),
        },
        "ask": "对照缺少和多出的小票，请门店补传，或确认日结有误。小票补齐后待办会自行关闭。",
        "outcomes": {
            "sent_again": "门店正在补传小票",
            "till_wrong": "门店日结有误，以小票为准",
            "explained": "已核实，差异合理",
        },
    },
}

NOUNS = {"till_totals": "门店日结"}
