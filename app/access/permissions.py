"""Who may do what with the portals, staff and stores.

Malls lie below this package and know no roles, so what may be done with stores and a mall's looks stands here.
"""

from app.access.models import Role

PERMISSIONS = {
    "audit.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "clerk.view": {Role.MERCHANT_MANAGER},
    "clerk.manage": {Role.MERCHANT_MANAGER},
    "console.enter": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "face.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
    "face.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
    "portal.enter": {Role.CLERK, Role.MERCHANT_MANAGER},
    "staff.view": {Role.ADMINISTRATOR, Role.AUDITOR},
    "staff.manage": {Role.ADMINISTRATOR},
    "store.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "store.manage": {Role.ADMINISTRATOR},
}
