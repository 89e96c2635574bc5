"""What the audit log calls entrances."""

from app.entrances import footfall_queries, queries
from app.kernel.lists.labels import by_number

NAMES = {"entrance": by_number(queries.names_of), "door": by_number(footfall_queries.names_of)}
