"""What the audit log calls segments."""

from app.kernel.lists.labels import by_number
from app.lifecycle.segments import queries

NAMES = {"segment": by_number(queries.titles_of)}
