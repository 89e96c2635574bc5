"""What the audit log calls imports."""

from app.imports import queries
from app.kernel.lists.labels import by_number

NAMES = {"import": by_number(queries.names_of)}
