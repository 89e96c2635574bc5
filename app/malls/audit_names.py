"""What the audit log calls malls, stores and merchants."""

from app.kernel.lists.labels import by_number
from app.malls import queries

NAMES = {
    "mall": by_number(queries.mall_names_of),
    "store": by_number(queries.store_names_of),
    "merchant": by_number(queries.merchant_names_of),
}
