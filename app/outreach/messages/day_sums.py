"""Messages that went out by day: what pages count without reading every one."""

from app.kernel.day_sums.series import Series
from app.outreach.messages.models import OutreachMessage

# Messages of the mall that a platform took, on every channel.
SENT = Series(
    name="messages_sent",
    origin=OutreachMessage.__table__,
    mall=OutreachMessage.mall_id,
    key=OutreachMessage.mall_id,
    moment=OutreachMessage.sent_at,
    wanted=[OutreachMessage.sent_at.is_not(None)],
)

SERIES = {SENT.name: SENT}
