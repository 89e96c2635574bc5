"""Words for behaviours; edges alone use them."""

from app.timeline.models import EventKind

EVENTS = {
    EventKind.SCANNED.value: "扫码进入",
    EventKind.JOINED.value: "加入会员",
    EventKind.TASK_DONE.value: "完成新人任务",
    EventKind.COUPON_CLAIMED.value: "领取优惠券",
    EventKind.COUPON_GIVEN.value: "获赠优惠券",
    EventKind.COUPON_REDEEMED.value: "核销优惠券",
    EventKind.REDEMPTION_REVERSED.value: "核销被撤销",
    EventKind.PURCHASED.value: "消费",
    EventKind.REFUNDED.value: "退款",
    EventKind.VISITED.value: "到店",
    EventKind.PARKING_PAID.value: "停车缴费",
    EventKind.WECOM_ADDED.value: "添加企业微信顾问",
    EventKind.GROUP_JOINED.value: "加入企业微信群",
    EventKind.GROUP_LEFT.value: "退出企业微信群",
    EventKind.BROWSED.value: "浏览小程序",
    EventKind.MESSAGE_SENT.value: "收到消息",
    EventKind.FRIEND_JOINED.value: "邀请的好友入会",
    EventKind.LEFT.value: "注销会员",
}

MEMBER_FIELDS = {
    "visits": "到店次数",
    "last_visit": "最近到店",
    "acts": "做过的事",
}

MEMBER_FIELD_CODES = {"acts": EVENTS}

MEMBER_SUBJECTS = {"visits": "到店与互动"}
