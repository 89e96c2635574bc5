"""Who may do what with points."""

from app.access.models import Role

PERMISSIONS = {
    "points.forgive": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
