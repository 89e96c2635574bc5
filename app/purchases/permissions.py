"""Who may do what with receipts."""

from app.access.models import Role

PERMISSIONS = {
    "purchase.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "purchase.work": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
