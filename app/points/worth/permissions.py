"""Who may decide what points buy: it is money of the whole group."""

from app.access.models import Role

PERMISSIONS = {
    "points_factor.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "points_factor.manage": {Role.FINANCE, Role.ADMINISTRATOR},
}
