"""Who may do what with coupons at a till."""

from app.access.models import Role

PERMISSIONS = {
    "coupon.look_up": {Role.CLERK, Role.MERCHANT_MANAGER},
    "redemption.list": {
        Role.CLERK,
        Role.MERCHANT_MANAGER,
        Role.OPERATIONS,
        Role.FINANCE,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    },
    "redemption.create": {Role.CLERK, Role.MERCHANT_MANAGER},
    "redemption.totals": {Role.MERCHANT_MANAGER},
    "redemption.undo": {Role.CLERK, Role.MERCHANT_MANAGER},
}
