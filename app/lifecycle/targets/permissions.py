"""Who sets what is aimed at."""

from app.access.models import Role

PERMISSIONS = {
    "lifecycle.targets": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
