"""Who sees where members stand."""

from app.access.models import Role

PERMISSIONS = {
    "lifecycle.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
}
