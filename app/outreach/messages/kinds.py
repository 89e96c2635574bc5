"""Every kind of message in one table: what it is for decides whether it counts and whether it waits for the morning."""

from dataclasses import dataclass
from enum import StrEnum

from app.outreach.consents.templates import Template


class Purpose(StrEnum):
    """Marketing is capped and waits for the morning; service answers something the member did."""

    MARKETING = "marketing"
    SERVICE = "service"


class Channel(StrEnum):
    """Where a message goes."""

    SUBSCRIBE = "subscribe"  # mini-program subscribe message: one consent each
    OFFICIAL = "official"  # official-account template message
    WECOM = "wecom"  # from the mall's adviser
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message. Only subscribe messages have a template of ours.

    `waits`: quiet hours hold it. `composed_late`: its text depends on how things stand when it goes, so it is planned
    without any.
    """

    code: str
    title: str
    purpose: Purpose
    channel: Channel
    template: Template | None
    waits: bool
    composed_late: bool = False

    @property
    def is_marketing(self) -> bool:
        return self.purpose is Purpose.MARKETING


def _marketing(code: str, title: str, template: Template, *, composed_late: bool = False) -> MessageKind:
    return MessageKind(
        code, title, Purpose.MARKETING, Channel.SUBSCRIBE, template, waits=True, composed_late=composed_late
    )


def _service(code: str, title: str, channel: Channel, *, waits: bool = False) -> MessageKind:
    return MessageKind(code, title, Purpose.SERVICE, channel, None, waits=waits)


COUPON_EXPIRING = _marketing("coupon_expiring", "券到期提醒", Template.BENEFIT, composed_late=True)

KINDS = {
    kind.code: kind
    for kind in (
        COUPON_EXPIRING,
        _marketing("birthday", "生日礼遇", Template.BENEFIT),
        _marketing("win_back", "回访唤醒", Template.BENEFIT),
        _marketing("member_day", "会员日提醒", Template.MEMBER_DAY),
        _marketing("content", "活动与内容", Template.ACTIVITY),
        _service("greeting", "欢迎语", Channel.WECOM),
        _service("points_arrived", "积分到账", Channel.OFFICIAL, waits=True),
        _service("parking", "停车通知", Channel.OFFICIAL),
        _service("order", "订单通知", Channel.OFFICIAL),
        _service("security", "安全通知", Channel.SMS),
        _service("tier_loss", "等级变动提醒", Channel.OFFICIAL, waits=True),
    )
}
