"""The cases that imports raise."""

from app.flows.history import duplicates

CASE_KINDS = {duplicates.DUPLICATE.code: duplicates.DUPLICATE}
