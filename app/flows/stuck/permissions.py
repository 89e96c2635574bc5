"""Who looks at what platforms said and nobody understood."""

from app.access.models import Role

PERMISSIONS = {
    "callback.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
    "callback.manage": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
