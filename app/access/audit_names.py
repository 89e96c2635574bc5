"""What the audit log calls staff."""

from app.access import staff_queries
from app.kernel.lists.labels import by_number

NAMES = {"staff": by_number(staff_queries.names_of)}
