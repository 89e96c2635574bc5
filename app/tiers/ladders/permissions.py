"""Who sees and who changes the ladder of tiers."""

from app.access.models import Role

PERMISSIONS = {
    "tier.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "tier.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
