"""Who may do something for members by hand."""

from app.access.models import Role

PERMISSIONS = {
    "member.care": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
