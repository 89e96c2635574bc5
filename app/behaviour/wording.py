"""Words for what somebody did in the mini-program; edges alone use them."""

from app.behaviour.models import BehaviourKind

BEHAVIOUR = {
    BehaviourKind.OPEN.value: "打开小程序",
    BehaviourKind.PAGE.value: "浏览页面",
    BehaviourKind.SEARCH.value: "搜索",
    BehaviourKind.SHARE.value: "分享",
    BehaviourKind.FAVOURITE.value: "收藏",
    BehaviourKind.ROUTE.value: "查看路线",
    BehaviourKind.DWELL.value: "停留",
}

# Pages of the mini-program by their titles there.
PAGES = {
    "card": "会员码",
    "join": "加入会员",
    "coupons": "优惠券",
    "parking": "停车缴费",
    "me": "我的",
    "coupon": "券详情",
    "tasks": "新人任务",
    "points": "我的积分",
    "exchange": "积分兑换",
    "claims": "补登积分",
    "photos": "拍小票",
    "invite": "邀请好友",
    "circle": "微信支付自动积分",
    "tier": "会员等级",
    "paid": "停车缴费记录",
    "invoices": "我的发票",
    "profile": "我的资料",
    "data": "我的数据",
    "stores": "门店导览",
    "signin": "登录",
}
