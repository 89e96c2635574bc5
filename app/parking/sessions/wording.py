"""Words for stays; edges alone use them."""

ERRORS = {
    "gate_event_conflict": "该事件编号已用于其他事件",
    "parking_session_not_found": "没有找到您的这次停车",
}
