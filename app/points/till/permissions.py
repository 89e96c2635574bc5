"""Who may take points at a till, see what was taken, and say what a mall asks of it."""

from app.access.models import Role

PERMISSIONS = {
    "points_payment.create": {Role.CLERK, Role.MERCHANT_MANAGER},
    "points_payment.undo": {Role.CLERK, Role.MERCHANT_MANAGER},
    "points_payment.list": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "points_till.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "points_till.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
