"""Words for stays; edges alone use them."""

ERRORS = {
    "gate_event_conflict": "该事件编号已用于其他事件",
    "parking_session_not_found": "未找到您的这次停车",
    "parking_stay_overlaps": "这辆车在该时段已有停车记录，或出场早于入场",
}

CASES = {
    "entry_repeated": {
        "title": "车辆重复入场，停车费漏收",
        "reasons": {
            "unpaid": "{car_park}：同一辆车没有出场记录就再次入场，前一段停车费 ¥{due_yuan} 没有收到。",
        },
        "ask": "先对照现场录像：是出口没有识别到，还是有人在入口反复触发识别来逃费。晚到的出场记录会自动办结这件待办。",
        "outcomes": {
            "charged_by_hand": "已核对，停车费已补收",
            "gate_repaired": "出口识别有问题，已检修",
            "nothing_due": "无需补收",
        },
    },
    "plates_unread": {
        "title": "道闸未识别车牌",
        "reasons": {"no_plate_read": "{car_park}：{day} 有车辆未识别出车牌，已放行，未计费。"},
        "ask": "先对照现场录像核对这些车，需要时补收停车费，再检查道闸的摄像头。别的车不受影响。",
        "outcomes": {
            "charged_by_hand": "已核对，停车费已补收",
            "camera_repaired": "摄像头已检修，不再补收",
            "nothing_due": "无需收费",
        },
    },
}

NOUNS = {"unread_plates": "未识别的车牌"}
