"""Who may do what with parking."""

from app.access.models import Role

PERMISSIONS = {
    "parking.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
    # What members paid is finance's business, too; who parked where is not.
    "parking_payment.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "parking.invoice": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR},
    "parking.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
