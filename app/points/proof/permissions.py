"""Who may watch the books of points: whether they add up, and what is owed in points."""

from app.access.models import Role

PERMISSIONS = {
    "points.watch": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
}
