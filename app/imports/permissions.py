"""Who may do what with imports. What a kind of file changes needs the permission for that, too."""

from app.access.models import Role

PERMISSIONS = {
    "import.view": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "import.run": {Role.OPERATIONS, Role.ADMINISTRATOR},
}
