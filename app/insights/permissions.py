"""Who may do what with figures."""

from app.access.models import Role

PERMISSIONS = {
    "overview.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
}
