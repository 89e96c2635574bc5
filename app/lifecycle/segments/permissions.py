"""Who may do what with segments."""

from app.access.models import Role

PERMISSIONS = {
    "segment.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
    "segment.edit": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
