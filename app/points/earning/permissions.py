"""Who may decide what spending earns."""

from app.access.models import Role

PERMISSIONS = {
    "earning.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "earning.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
