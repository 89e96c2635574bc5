"""The cases that claims raise."""

from app.flows.claims import disputes

CASE_KINDS = {disputes.CLAIM_DISPUTED.code: disputes.CLAIM_DISPUTED}
