"""An order's life. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from app.payments.errors import OrderTransition
from app.payments.models import OrderStatus

TRANSITIONS: Mapping[OrderStatus, frozenset[OrderStatus]] = MappingProxyType(
    {
        OrderStatus.CREATED: frozenset({OrderStatus.PREPAID, OrderStatus.PAID, OrderStatus.CLOSED}),
        OrderStatus.PREPAID: frozenset({OrderStatus.PAID, OrderStatus.CLOSED}),
        OrderStatus.PAID: frozenset({OrderStatus.REFUNDED}),
        OrderStatus.CLOSED: frozenset({OrderStatus.LATE}),
        OrderStatus.LATE: frozenset({OrderStatus.REFUNDED}),
        OrderStatus.REFUNDED: frozenset(),
    }
)

# Where WeChat Pay brings its notices; the address it is given is the public one with this path.
NOTICE_PATH = "/open/v1/wechat-pay/notices"


def ensure_transition(status: OrderStatus, wanted: OrderStatus) -> None:
    """Raises OrderTransition when the step is not in TRANSITIONS."""
    if wanted not in TRANSITIONS[status]:
        raise OrderTransition(status=status.value, wanted=wanted.value)


def state_after_money(status: OrderStatus) -> OrderStatus:
    """What an order becomes when money arrives: paid in time, late after it was closed, else as it was."""
    if status in (OrderStatus.CREATED, OrderStatus.PREPAID):
        return OrderStatus.PAID
    return OrderStatus.LATE if status is OrderStatus.CLOSED else status
