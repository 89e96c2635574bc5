"""Who may do what with messages and rules of touches."""

from app.access.models import Role

PERMISSIONS = {
    "message.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
    "message.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
