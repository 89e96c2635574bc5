"""Who reads what members told of themselves."""

from app.access.models import Role

PERMISSIONS = {
    "member.profile": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
