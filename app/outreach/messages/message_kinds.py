"""The kinds of messages that this product sends by itself."""

from app.outreach.consents.templates import Template
from app.outreach.messages.kinds import Channel, marketing, service

COUPON_EXPIRING = marketing("coupon_expiring", Template.BENEFIT, composed_late=True)

MESSAGE_KINDS = {
    kind.code: kind
    for kind in (
        COUPON_EXPIRING,
        marketing("birthday", Template.BENEFIT),
        marketing("win_back", Template.BENEFIT),
        marketing("member_day", Template.MEMBER_DAY),
        marketing("content", Template.ACTIVITY),
        service("greeting", Channel.WECOM),
        service("points_arrived", Channel.OFFICIAL, waits=True),
        service("parking", Channel.OFFICIAL),
        service("order", Channel.OFFICIAL),
        service("security", Channel.SMS),
        service("tier_loss", Channel.OFFICIAL, waits=True),
    )
}
