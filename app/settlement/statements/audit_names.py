"""What the audit log calls statements."""

from app.kernel.lists.labels import by_number
from app.settlement.statements import queries

NAMES = {"statement": by_number(queries.numbers_of)}
