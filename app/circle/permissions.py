"""Who sees and sets up the business circle."""

from app.access.models import Role

PERMISSIONS = {
    "circle.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "circle.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
