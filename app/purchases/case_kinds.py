"""The cases that receipts raise."""

from app.purchases import unclaimed

CASE_KINDS = {unclaimed.RECEIPTS_UNCLAIMED.code: unclaimed.RECEIPTS_UNCLAIMED}
CASE_RAISERS = (unclaimed.raise_cases,)
