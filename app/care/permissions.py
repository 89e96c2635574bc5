"""Who may do something for members by hand."""

from app.access.models import Role

PERMISSIONS = {
    "member.care": {Role.OPERATIONS, Role.ADMINISTRATOR},
    # A second person's agreement to points over a limit.
    "points.approve": {Role.FINANCE, Role.ADMINISTRATOR},
    "goodwill.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "goodwill.manage": {Role.FINANCE, Role.ADMINISTRATOR},
}
