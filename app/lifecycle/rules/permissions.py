"""Who tries out and sets what a stage means."""

from app.access.models import Role

PERMISSIONS = {
    "lifecycle.rules": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
