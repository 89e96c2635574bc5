"""What the audit log calls campaigns."""

from app.benefits.campaigns import queries
from app.kernel.lists.labels import by_number

NAMES = {"campaign": by_number(queries.titles_of)}
