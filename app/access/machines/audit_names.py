"""What the audit log calls machines."""

from app.access.machines import queries
from app.kernel.lists.labels import by_number

NAMES = {"machine": by_number(queries.names_of)}
