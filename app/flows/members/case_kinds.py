"""The cases about members who may be one person."""

from app.flows.members import duplicates

CASE_KINDS = {duplicates.DUPLICATE.code: duplicates.DUPLICATE}
CASE_RAISERS = (duplicates.raise_cases,)
