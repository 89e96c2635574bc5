"""Who may decide how long points are good: it holds in every mall of the group."""

from app.access.models import Role

PERMISSIONS = {
    "points_expiry.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "points_expiry.manage": {Role.FINANCE, Role.ADMINISTRATOR},
}
