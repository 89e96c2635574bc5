"""Who may do what with campaigns."""

from app.access.models import Role

PERMISSIONS = {
    "campaign.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
    "campaign.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
