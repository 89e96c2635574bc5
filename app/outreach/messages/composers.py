"""What composes the messages whose text depends on how things stand when they go."""

from app.outreach.messages import coupon_reminders
from app.outreach.messages.message_kinds import COUPON_EXPIRING

COMPOSERS = {COUPON_EXPIRING.code: coupon_reminders.consider}
