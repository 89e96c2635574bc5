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
