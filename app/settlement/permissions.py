"""Who may do what with settlement."""

from app.access.models import Role

PERMISSIONS = {
    "contract.view": {Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "contract.manage": {Role.FINANCE, Role.ADMINISTRATOR},
    "posting.view": {Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "statement.view": {Role.MERCHANT_MANAGER, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "statement.answer": {Role.FINANCE, Role.ADMINISTRATOR},
    "statement.close": {Role.FINANCE, Role.ADMINISTRATOR},
    "statement.confirm": {Role.MERCHANT_MANAGER},
    "statement.dispute": {Role.MERCHANT_MANAGER},
    "statement.download": {Role.MERCHANT_MANAGER, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR},
    "statement.invoice": {Role.FINANCE, Role.ADMINISTRATOR},
    "statement.pay": {Role.FINANCE, Role.ADMINISTRATOR},
}

# What of the audit log only those read who may see the thing itself, by the beginning of the action.
AUDIT_READERS = {"statement.": "statement.view", "contract.": "contract.view", "account.": "contract.view"}
