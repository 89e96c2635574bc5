"""Who may do what in settlement."""

# What of the audit log only those read who may see the thing itself, by the beginning of the action.
AUDIT_READERS = {"statement.": "statement.view", "contract.": "contract.view"}
