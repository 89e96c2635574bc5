"""Words for messages; edges alone use them."""

from app.kernel.platforms import refusals
from app.kernel.platforms.refusals import Meaning
from app.outreach.messages.models import MessageStatus, Reason

MESSAGE_KINDS = {
    "coupon_expiring": "券到期提醒",
    "birthday": "生日礼遇",
    "win_back": "回访唤醒",
    "member_day": "会员日提醒",
    "content": "活动与内容",
    "greeting": "欢迎语",
    "points_arrived": "积分到账",
    "parking": "停车通知",
    "order": "订单通知",
    "security": "安全通知",
    "tier_loss": "等级变动提醒",
}

# How a message stands, and its colour.
MESSAGE_STATUSES = {
    MessageStatus.PLANNED.value: ("等待发送", "cool"),
    MessageStatus.SENDING.value: ("发送中", "cool"),
    MessageStatus.SENT.value: ("已送达平台", "good"),
    MessageStatus.FAILED.value: ("平台拒收", "bad"),
    MessageStatus.SUPPRESSED.value: ("未发送", "warn"),
    MessageStatus.UNKNOWN.value: ("结果不明", "bad"),
}
# In short, and what it means.
MESSAGE_REASONS = {
    Reason.QUIET_HOURS.value: ("静默时段", "触达规则里的静默时段不打扰会员，推迟到静默结束再发。"),
    Reason.WEEKLY_CAP.value: ("近期已达上限", "会员近期收到的营销消息已达上限，为避免打扰没有发送。"),
    Reason.PLATFORM_BUSY.value: ("平台繁忙", "平台要求稍后再试，系统会自动重试。"),
    Reason.TOO_LATE.value: ("已过时效", "待发送时，消息内容已过时效。"),
    Reason.NO_CONSENT.value: ("没有订阅次数", "会员对这类消息没有剩余的订阅次数；每同意一次只能发送一条。"),
    Reason.NO_ADDRESS.value: ("没有接收渠道", "会员没有绑定能收到这类消息的微信身份。"),
    Reason.MEMBER_GONE.value: ("会员已注销或合并", "会员已注销，或已并入另一个会员。"),
    Reason.COUPON_REDEEMED.value: ("券已使用", "提醒发送前，券已使用。"),
    Reason.COUPON_RESERVED.value: ("券正在付款中", "券正在付款中，稍后再判断是否提醒。"),
    Reason.COUPON_VOID.value: ("券已作废", "券已经作废，不用提醒。"),
    Reason.CONSENT_REFUSED.value: ("平台无订阅记录", "平台表示会员没有订阅，本地的订阅次数已清零。"),
    Reason.PLATFORM_REFUSED.value: ("平台拒收", "平台没有接受这条消息，错误码见下。"),
    Reason.NO_ANSWER.value: ("平台没有回应", "请求已发出但没有收到回应，为免重复不再发送。"),
    Reason.WORKER_DIED.value: ("发送中断", "发送中断，无法确定是否送达，为免重复不再补发。"),
}

# What a refusal of the platform means, in short and what it asks for; by its code where the code says more.
_REFUSED = {
    Meaning.GONE: (
        "接收人无效",
        "平台查不到这个会员的微信身份，可能已不再使用本小程序。会员重新打开小程序登录后即可恢复。",
    ),
    Meaning.PERSON: ("平台限制了接收人", "微信不允许给这个会员发送，再发也会被拒。"),
    Meaning.ACCOUNT: ("小程序账号异常", "小程序的账号、密钥或接口权限有问题，请联系技术人员检查平台配置。"),
    Meaning.MESSAGE: ("平台认为内容有误", "消息内容没有通过平台检查，请联系技术人员。"),
}
_REFUSED_CODES = {
    "40037": ("消息模板无效", "平台上没有这个消息模板，可能已在小程序后台删除，请联系技术人员核对模板编号。"),
    "41030": ("跳转页面无效", "消息要打开的页面不在已发布的小程序版本里，请联系技术人员。"),
    "47003": ("内容与模板不符", "消息内容与平台模板的字段要求不符，例如超过字数，请联系技术人员。"),
}


def reason_of(reason: str, last_error: str | None) -> tuple[str, str]:
    """Why a message was not sent, in short and at length; what a platform refused by what its code means."""
    if reason != Reason.PLATFORM_REFUSED.value or not last_error:
        return MESSAGE_REASONS[reason]
    if last_error in _REFUSED_CODES:
        return _REFUSED_CODES[last_error]
    code: int | str = int(last_error) if last_error.isascii() and last_error.isdigit() else last_error
    known = refusals.MEANINGS.get((refusals.MINI, code))
    return _REFUSED.get(known, MESSAGE_REASONS[reason]) if known else MESSAGE_REASONS[reason]
