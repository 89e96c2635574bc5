"""Who may do what with entrances."""

from app.access.models import Role

PERMISSIONS = {
    "entrance.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
    "entrance.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
