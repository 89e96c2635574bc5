"""What the audit log calls machines."""

from app.access.machines import queries
from app.kernel.labels import by_number

NAMES = {"machine": by_number(queries.names_of)}
