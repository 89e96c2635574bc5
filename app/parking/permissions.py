"""Who may do what with parking."""

from app.access.models import Role

PERMISSIONS = {
    "parking.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
    "parking.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
