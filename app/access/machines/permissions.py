"""Who may do what with machines."""

from app.access.models import Role

PERMISSIONS = {
    "machine.view": {Role.ADMINISTRATOR, Role.AUDITOR},
    "machine.manage": {Role.ADMINISTRATOR},
}
