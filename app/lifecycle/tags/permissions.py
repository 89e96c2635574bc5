"""Who may do what with tags."""

from app.access.models import Role

PERMISSIONS = {
    "tag.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
    "tag.edit": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
