"""What the audit log calls entrances."""

from app.entrances import queries
from app.kernel.lists.labels import by_number

NAMES = {"entrance": by_number(queries.names_of)}
