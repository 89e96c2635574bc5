"""Who may do what with cases. Only a case's own team and administrators work on it; a mall's staff may read it."""

from app.access.models import Role

PERMISSIONS = {
    "case.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "case.work": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR},
}
