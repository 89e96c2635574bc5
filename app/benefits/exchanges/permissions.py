"""Who may do what with exchanges."""

from app.access.models import Role

PERMISSIONS = {
    "exchange.give_back": {Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR},
}
