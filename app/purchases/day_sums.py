"""Members' receipts by day: what pages add up without reading every one."""

from app.kernel.day_sums.series import Series
from app.purchases.models import Purchase

# Purchases and refunds by store; amount: what members paid, less what they got back, in fen.
SALES = Series(
    name="sales",
    origin=Purchase.__table__,
    mall=Purchase.mall_id,
    key=Purchase.store_id,
    moment=Purchase.occurred_at,
    amount=Purchase.amount_fen,
)

SERIES = {SALES.name: SALES}
