"""The cases that invitations raise."""

from app.flows.invitations.asking import INVITATIONS

CASE_KINDS = {INVITATIONS.code: INVITATIONS}
