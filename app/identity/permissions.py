"""Who may do what with members."""

from app.access.models import Role

PERMISSIONS = {
    "member.view": {Role.OPERATIONS, Role.ADMINISTRATOR, Role.AUDITOR},
    "member.contact": {Role.OPERATIONS, Role.ADMINISTRATOR},
    "member.merge": {Role.OPERATIONS, Role.ADMINISTRATOR},
    "member.export": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
