"""Who may do what with invitations."""

from app.access.models import Role

PERMISSIONS = {
    "invitation.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "invitation.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
